import type { FeatureBlock } from '#features';

/** Of every class, as float32; of a regression the value of each row, as float64. */
export type Scores = Float32Array | Float64Array;

/** What runs a model: features of rows in, scores out. */
export interface Engine {
  /** Number of features the model takes. */
  readonly width: number;
  /** Number of classes the model tells apart; 0 of a regression. */
  readonly classes: number;
  /** Room for the features of so many rows: to be filled and given to {@link run} before the next is asked for. */
  block(rows: number): FeatureBlock;
  /**
   * Scores, row by row: `rows` x `classes` values, of a regression `rows`; at once where the engine needs no turn of the event loop.
   *
   * @throws ModelFailureError when the model throws
   */
  run(block: FeatureBlock, rows: number): Promise<Scores> | Scores;
  /** Frees the memory. */
  release(): Promise<void>;
}
