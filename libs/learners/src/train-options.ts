/** How to train; only the seed affects the model. */
export interface TrainOptions {
  /** A whole number from 0 to 2^53 - 1. The same data, spec and seed give the same bytes. */
  readonly seed: number;
  /** With 1, this thread trains and yields after each tree or round; with more, worker threads share the work. */
  readonly threads: number;
  /** Called after each tree, round or iteration with the number done and the maximum. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting it rejects the training with its reason, within one tree or round. */
  readonly signal?: AbortSignal;
}
