import { OverloadedError } from '#bundle';
import type { InferenceObserver } from './inference-observer.js';

/** Counts and limits the rows in progress in a model. */
export class PendingRows {
  private inProgress = 0;
  private drained?: () => void;

  constructor(
    private readonly maximum: number,
    private readonly observer: InferenceObserver,
  ) {}

  get rows(): number {
    return this.inProgress;
  }

  /** @throws OverloadedError at the limit; a batch larger than the limit is admitted while no other row is in progress */
  admit(rows: number): void {
    if (this.inProgress + rows > this.maximum && this.inProgress > 0) {
      throw new OverloadedError(
        `${this.inProgress} rows are in progress, and inference.maxPendingRows (MAX_PENDING_ROWS) allows ${this.maximum}`,
      );
    }
    this.inProgress += rows;
    this.observer.pending(rows);
  }

  leave(rows: number): void {
    this.inProgress -= rows;
    this.observer.pending(-rows);
    if (this.inProgress === 0) this.drained?.();
  }

  /** Waits until no row is in progress. */
  async drain(): Promise<void> {
    if (this.inProgress > 0) await new Promise<void>((resolve) => (this.drained = resolve));
  }
}
