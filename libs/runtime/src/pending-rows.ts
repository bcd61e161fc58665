import { OverloadedError } from '#bundle';
import type { InferenceObserver } from './inference-observer.js';

/** Counts the rows that are under way in a model, and keeps them within a bound. */
export class PendingRows {
  private underWay = 0;
  private drained?: () => void;

  constructor(
    private readonly maximum: number,
    private readonly observer: InferenceObserver,
  ) {}

  get rows(): number {
    return this.underWay;
  }

  /** @throws OverloadedError when too many are under way; what is larger than the bound alone is let in when it is */
  admit(rows: number): void {
    if (this.underWay + rows > this.maximum && this.underWay > 0) {
      throw new OverloadedError(
        `${this.underWay} rows are under way, and inference.maxPendingRows (MAX_PENDING_ROWS) allows ${this.maximum}`,
      );
    }
    this.underWay += rows;
    this.observer.pending(rows);
  }

  leave(rows: number): void {
    this.underWay -= rows;
    this.observer.pending(-rows);
    if (this.underWay === 0) this.drained?.();
  }

  /** Waits until none is under way. */
  async drain(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.drained = resolve));
  }
}
