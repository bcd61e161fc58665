import type { FeatureBlock } from '#features';

/** Probabilities of all classes, as float32; for a regression the values of the rows, as float64. */
export type Scores = Float32Array | Float64Array;

/** Runs a model: features of rows in, scores out. */
export interface Engine {
  /** Number of features. */
  readonly width: number;
  /** Number of classes; 0 for a regression. */
  readonly classes: number;
  /** A buffer for the features of `rows` rows; it must be passed to {@link run} before the next one is requested. */
  block(rows: number): FeatureBlock;
  /**
   * Scores, row by row: `rows` x `classes` values, or `rows` values for a regression. Synchronous engines return no promise.
   *
   * @throws ModelFailureError when the model throws
   */
  run(block: FeatureBlock, rows: number): Promise<Scores> | Scores;
  /** Frees the memory. */
  release(): Promise<void>;
}
