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

/** What an evaluation is of: it says nothing of another candidate, nor beside another champion. */
export interface EvaluationSubject {
  /** SHA-256 of the candidate's model.onnx and pipeline.json. */
  readonly model: string;
  readonly pipeline: string;
  /** By which the candidate decides between two classes, where it has one. */
  readonly threshold?: number;
  /** The champion's version; null where there was none. */
  readonly champion: string | null;
}

/** Which rows of the test part the comparison with the champion is of. */
export interface TestedRows {
  /** Left out, as the champion was trained on them; null where nobody can know which those are. */
  readonly seen: number | null;
  /** Why nobody can know; null where it is known. */
  readonly unknown: string | null;
}

/** A regression beside the mean of the training part as the answer for every row. */
export interface TrivialRegression extends Interval {
  /** Of that answer. */
  readonly rmse: number;
  /** The candidate's mean squared error minus that: less than 0 where the candidate is better. */
  readonly difference: number;
}

/** All that the evaluate stage finds out of a regression, as evaluation.json holds it. */
export interface RegressionReport {
  readonly subject: EvaluationSubject;
  readonly task: 'regression';
  readonly evaluation: RegressionEvaluation;
  readonly trivial: TrivialRegression;
  /** As that of {@link ClassifierReport}. */
  readonly comparison: RegressionComparison | null;
  readonly tested: TestedRows | null;
  /** By how much the RMSE rises. */
  readonly importance: readonly FeatureImportance[];
  readonly slices: readonly (SliceName & RegressionSlice)[];
}

/** All that the evaluate stage finds out, as evaluation.json holds it. */
export type EvaluationReport = ClassifierReport | RegressionReport;

/** All that the evaluate stage finds out of a classifier. */
export interface ClassifierReport {
  readonly subject: EvaluationSubject;
  readonly task?: undefined;
  readonly evaluation: ClassifierEvaluation;
  readonly trivial: TrivialComparison;
  /** Null when there is no champion yet, none for these columns and classes, or no row that it has not seen. */
  readonly comparison: PairedComparison | null;
  /** Null when there is no champion for these columns and classes. */
  readonly tested: TestedRows | null;
  /** By how much the accuracy drops. */
  readonly importance: readonly FeatureImportance[];
  /** Of each category, by column. */
  readonly slices: readonly (SliceName & ClassifierSlice)[];
}
