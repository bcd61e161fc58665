import type {
  ClassifierEvaluation,
  ClassifierSlice,
  FeatureImportance,
  Interval,
  PairedComparison,
  RegressionComparison,
  RegressionEvaluation,
  RegressionSlice,
} from '#statistics';
import type { SliceName } from './slice-rows.js';
import type { TrivialComparison } from './compare-trivial.js';

/** The subject of an evaluation; it is invalid for another candidate or another champion. */
export interface EvaluationSubject {
  /** SHA-256 of the candidate's model.onnx and pipeline.json. */
  readonly model: string;
  readonly pipeline: string;
  /** The candidate's decision threshold between two classes, if it has one. */
  readonly threshold?: number;
  /** The champion's version; null if there was none. */
  readonly champion: string | null;
}

/** Which rows of the test part the comparison with the champion uses. */
export interface TestedRows {
  /** Rows left out because the champion was trained on them; null if that is unknown. */
  readonly seen: number | null;
  /** Why it is unknown, else null. */
  readonly unknown: string | null;
}

/** A regression compared with a constant prediction, the mean of the training part. */
export interface TrivialRegression extends Interval {
  /** Of the constant prediction. */
  readonly rmse: number;
  /** The candidate's mean squared error minus that of the constant: negative where the candidate is better. */
  readonly difference: number;
}

/** The evaluation of a regression, as stored in evaluation.json. */
export interface RegressionReport {
  readonly subject: EvaluationSubject;
  readonly task: 'regression';
  readonly evaluation: RegressionEvaluation;
  readonly trivial: TrivialRegression;
  /** As in {@link ClassifierReport}. */
  readonly comparison: RegressionComparison | null;
  readonly tested: TestedRows | null;
  /** The increase of the RMSE. */
  readonly importance: readonly FeatureImportance[];
  readonly slices: readonly (SliceName & RegressionSlice)[];
}

/** An evaluation, as stored in evaluation.json. */
export type EvaluationReport = ClassifierReport | RegressionReport;

/** The evaluation of a classifier. */
export interface ClassifierReport {
  readonly subject: EvaluationSubject;
  readonly task?: undefined;
  readonly evaluation: ClassifierEvaluation;
  readonly trivial: TrivialComparison;
  /** Null without a champion for these columns and classes, and without a row that it was not trained on. */
  readonly comparison: PairedComparison | null;
  /** Null without a champion for these columns and classes. */
  readonly tested: TestedRows | null;
  /** The decrease of the accuracy. */
  readonly importance: readonly FeatureImportance[];
  /** By column and category. */
  readonly slices: readonly (SliceName & ClassifierSlice)[];
}
