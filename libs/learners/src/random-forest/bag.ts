import type { RandomStream } from '#kit';

/** An entry is `row * 16 + times`: a row, and how often it is in the bag. */
export const ENTRY_BITS = 4;
export const TIMES_MASK = (1 << ENTRY_BITS) - 1;

/** The bootstrap sample of a tree, ascending by row. An instance keeps its buffers. */
export class Bag {
  /** Filled by `draw`. A row drawn too often for one entry, once in 10^13, has several. */
  readonly entries: Uint32Array;
  /** A buffer of the same size, free for others between two calls of `draw`. */
  readonly aside: Uint32Array;
  private readonly times: Uint8Array;

  constructor(
    private readonly rows: number,
    private readonly bootstrap: boolean,
  ) {
    this.entries = new Uint32Array(rows);
    this.aside = new Uint32Array(rows);
    this.times = new Uint8Array(this.aside.buffer, 0, rows);
  }

  /**
   * Draws a bootstrap sample (Breiman: "Bagging predictors", 1996), or takes each row once.
   *
   * @returns the number of entries
   */
  draw(random: RandomStream): number {
    const { rows, times, entries } = this;
    times.fill(this.bootstrap ? 0 : 1);
    if (this.bootstrap) for (let i = 0; i < rows; i++) times[random.below(rows)]++;
    let size = 0;
    for (let row = 0; row < rows; row++) {
      for (let left = times[row]; left > 0; left -= TIMES_MASK) {
        entries[size++] = (row << ENTRY_BITS) | (left < TIMES_MASK ? left : TIMES_MASK);
      }
    }
    return size;
  }
}
