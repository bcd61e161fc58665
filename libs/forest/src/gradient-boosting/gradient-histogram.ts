import type { BinnedRows } from './binned-rows.js';

/** Sums of one feature in a histogram, one for each of at most 256 bins. */
export const FEATURE_STRIDE = 256;

/** Sums of packed gradients per feature and bin, of the rows of one node. */
export class GradientHistogram {
  readonly sums: Float64Array;
  /** Rows per feature and bin; empty unless asked for. */
  readonly counts: Int32Array;

  constructor(
    private readonly data: BinnedRows,
    withCounts: boolean,
  ) {
    this.sums = new Float64Array(data.features * FEATURE_STRIDE);
    this.counts = new Int32Array(withCounts ? this.sums.length : 0);
  }

  fill(packed: Float64Array, rows: Int32Array, start: number, end: number): void {
    this.addGradients(packed, rows, start, end);
    if (this.counts.length > 0) this.countRows(rows, start, end);
  }

  private addGradients(packed: Float64Array, rows: Int32Array, start: number, end: number): void {
    const { sums } = this;
    const { bins, features } = this.data;
    sums.fill(0);
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const gradient = packed[row];
      const first = row * features;
      for (let f = 0, base = 0; f < features; f++, base += FEATURE_STRIDE) sums[base + bins[first + f]] += gradient;
    }
  }

  private countRows(rows: Int32Array, start: number, end: number): void {
    const { counts } = this;
    const { bins, features } = this.data;
    counts.fill(0);
    for (let i = start; i < end; i++) {
      const first = rows[i] * features;
      for (let f = 0, base = 0; f < features; f++, base += FEATURE_STRIDE) counts[base + bins[first + f]]++;
    }
  }

  /** Turns a node's histogram into that of one child, given the other's: much cheaper than to fill it, and exact. */
  subtract(child: GradientHistogram): void {
    const { sums, counts } = this;
    for (let i = 0; i < sums.length; i++) sums[i] -= child.sums[i];
    for (let i = 0; i < counts.length; i++) counts[i] -= child.counts[i];
  }
}
