import type { Interval } from './bootstrap/percentile-interval.js';
import type { ClassCurves } from './curves/class-curves.js';
import type { CalibrationBin } from './metrics/calibration.js';
import type { ClassScores } from './metrics/class-scores.js';
import type { ThresholdScores } from './metrics/threshold-table.js';
import type { HeadlineScores } from './metrics/weighted-scores.js';

/** Metrics by name; null where the rows do not define one, which {@link ClassifierEvaluation.notes} explains. */
export interface ClassifierMetrics extends HeadlineScores {
  /** With two classes that of the positive class, with more the unweighted mean. */
  readonly precision: number;
  readonly recall: number;
  /** Means weighted by class frequency; with more than two classes only. */
  readonly precision_weighted?: number;
  readonly recall_weighted?: number;
  readonly f1_weighted?: number;
  readonly pr_auc: number | null;
  readonly brier: number;
  readonly calibration_error: number;
}

export interface ClassReport extends ClassScores {
  readonly class: string | number;
}

/** The evaluation of a classifier on held-out rows: plain data, as stored in evaluation.json. */
export interface ClassifierEvaluation {
  readonly rows: number;
  readonly classes: readonly (string | number)[];
  readonly metrics: ClassifierMetrics;
  readonly bootstrap: { readonly seed: number; readonly resamples: number; readonly confidence: number };
  readonly intervals: Record<keyof HeadlineScores, Interval | null>;
  /** Rows by true class (row) and predicted class (column). */
  readonly confusion_matrix: readonly (readonly number[])[];
  readonly per_class: readonly ClassReport[];
  readonly calibration: readonly CalibrationBin[];
  readonly curves: readonly ClassCurves[];
  /** With two classes: the positive one is predicted from this probability on; absent: the more probable class is. */
  readonly threshold?: number;
  /** With two classes: the scores at other thresholds. */
  readonly thresholds?: readonly ThresholdScores[];
  /** One sentence for each number that could mislead. */
  readonly notes: readonly string[];
}
