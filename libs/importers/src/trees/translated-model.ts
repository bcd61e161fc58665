import type { Task } from '#bundle';
import type { FittedPipeline } from '#features';
import type { TreeEnsemble } from '#onnx';
import type { RawColumn } from '#schema';

/** What a library's own model says, in terms of our own: nothing of its format is left. */
export interface TranslatedModel {
  /** The library, as the lineage names it. */
  readonly source: 'xgboost' | 'lightgbm';
  /** Of the library or of its format, where the dump says it. */
  readonly sourceVersion: string | null;
  readonly algorithm: 'gradient_boosting' | 'random_forest';
  /** As the source calls it. */
  readonly objective: string;
  readonly task: Task;
  /** How many classes it tells apart; 0 of a regression. */
  readonly classes: number;
  readonly ensemble: TreeEnsemble;
  /** The model's features, in its order, each as the column that it was trained on. */
  readonly inputs: readonly RawColumn[];
  /** What makes features of these columns. */
  readonly steps: FittedPipeline['steps'];
  /** What the person who imports must know, in sentences. */
  readonly notes: readonly string[];
}

/** Which trees of a model that training stopped early make the prediction: those up to the best iteration, or all. */
export type TreeChoice = 'best' | 'all';
