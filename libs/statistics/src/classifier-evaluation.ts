import type { Interval } from './bootstrap/percentile-interval.js';
import type { ClassCurves } from './curves/class-curves.js';
import type { CalibrationBin } from './metrics/calibration.js';
import type { ClassScores } from './metrics/class-scores.js';
import type { ThresholdScores } from './metrics/threshold-table.js';
import type { HeadlineScores } from './metrics/weighted-scores.js';

/** Metrics by name; null where the rows do not define one, and {@link ClassifierEvaluation.notes} says why. */
export interface ClassifierMetrics extends HeadlineScores {
  /** Of the positive class of two; of several, their plain mean. */
  readonly precision: number;
  readonly recall: number;
  /** Means weighted by how often classes occur; of several classes only. */
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

/** What a classifier is worth on rows it has not seen: plain data, as evaluation.json holds it. */
export interface ClassifierEvaluation {
  readonly rows: number;
  readonly classes: readonly (string | number)[];
  readonly metrics: ClassifierMetrics;
  readonly bootstrap: { readonly seed: number; readonly resamples: number; readonly confidence: number };
  readonly intervals: Record<keyof HeadlineScores, Interval | null>;
  /** Rows by true class (line) and predicted class (column). */
  readonly confusion_matrix: readonly (readonly number[])[];
  readonly per_class: readonly ClassReport[];
  readonly calibration: readonly CalibrationBin[];
  readonly curves: readonly ClassCurves[];
  /** Of two classes: from which probability the positive one is predicted; not given where the more probable one is. */
  readonly threshold?: number;
  /** Of two classes: what other thresholds would have come to. */
  readonly thresholds?: readonly ThresholdScores[];
  /** One sentence for each number that is not what it seems. */
  readonly notes: readonly string[];
}
