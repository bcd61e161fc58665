import type { Task } from '#bundle';
import type { FittedPipeline } from '#features';
import type { TreeEnsemble } from '#onnx';
import type { RawColumn } from '#schema';

/** A library's model, translated to our own terms. */
export interface TranslatedModel {
  /** The library's name in the lineage. */
  readonly source: 'xgboost' | 'lightgbm';
  /** Version of the library or its format, if the dump has it. */
  readonly sourceVersion: string | null;
  readonly algorithm: 'gradient_boosting' | 'random_forest';
  /** The source's name for it. */
  readonly objective: string;
  readonly task: Task;
  /** Number of classes; 0 for a regression. */
  readonly classes: number;
  readonly ensemble: TreeEnsemble;
  /** The model's features, in order, each as the column that it was trained on. */
  readonly inputs: readonly RawColumn[];
  /** Steps that compute the features from these columns. */
  readonly steps: FittedPipeline['steps'];
  /** Notes for the user, as sentences. */
  readonly notes: readonly string[];
}

/** Which trees predict after early stopping: those up to the best iteration, or all. */
export type TreeChoice = 'best' | 'all';
