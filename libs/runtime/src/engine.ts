import type { FeatureBlock } from '#features';

/** What runs a model: features of rows in, scores of every class out. */
export interface Engine {
  /** Number of features the model takes. */
  readonly width: number;
  /** Number of classes the model tells apart. */
  readonly classes: number;
  /** Room for the features of so many rows: to be filled and given to {@link run} before the next is asked for. */
  block(rows: number): FeatureBlock;
  /**
   * Scores, row by row: `rows` x `classes` values, at once where the engine needs no turn of the event loop.
   *
   * @throws ModelFailureError when the model throws
   */
  run(block: FeatureBlock, rows: number): Promise<Float32Array> | Float32Array;
  /** Frees the memory. */
  release(): Promise<void>;
}
