/** How to train; none of it but the seed changes the model. */
export interface TrainOptions {
  /** A whole number from 0 to 2^53 - 1. Same data, spec and seed give the same bytes. */
  readonly seed: number;
  /** 1 trains in this thread, a turn per tree or round; more share the work out among worker threads. */
  readonly threads: number;
  /** Called after each tree, round or iteration: how many are done, of at most how many. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting it rejects the training with its reason, at the latest one tree or round later. */
  readonly signal?: AbortSignal;
}
