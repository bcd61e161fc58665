import { ENTRY_BITS, TIMES_MASK } from './bag.js';

interface BestSplit {
  /** The last bin that goes left. */
  readonly bin: number;
  /** The first occupied bin that goes right. */
  readonly next: number;
  readonly gain: number;
}

/** Row counts and sums of targets per bin of one feature in one node. An instance keeps its buffers. */
export class TargetHistogram {
  private readonly rows: Int32Array;
  private readonly sums: Float64Array;
  /** The occupied bins in ascending order: the first `size` of them. */
  private readonly occupied: Uint16Array;
  private size = 0;

  constructor(maxBins: number) {
    this.rows = new Int32Array(maxBins);
    this.sums = new Float64Array(maxBins);
    this.occupied = new Uint16Array(maxBins);
  }

  /** Adds the entries from `start` to `end`. */
  fill(
    codes: Uint16Array,
    bins: number,
    entries: Uint32Array,
    start: number,
    end: number,
    targets: Float64Array,
  ): void {
    const { rows, sums, occupied } = this;
    const isFew = 4 * (end - start) < bins;
    let size = 0;
    for (let i = start; i < end; i++) {
      const row = entries[i] >>> ENTRY_BITS;
      const times = entries[i] & TIMES_MASK;
      const bin = codes[row];
      if (isFew && rows[bin] === 0) occupied[size++] = bin;
      rows[bin] += times;
      sums[bin] += times * targets[row];
    }
    if (isFew) occupied.subarray(0, size).sort();
    else for (let bin = 0; bin < bins; bin++) if (rows[bin] > 0) occupied[size++] = bin;
    this.size = size;
  }

  /**
   * The split that reduces the squared error most, by more than `gain`: `S_l^2 / n_l + S_r^2 / n_r - S^2 / n` (Breiman
   * et al.: "Classification and Regression Trees", 1984, chapter 8). Clears the histogram.
   *
   * @param all rows of the node, and `sum` of their targets
   */
  bestSplit(all: number, sum: number, minRows: number, gain: number): BestSplit | undefined {
    const { rows, sums, occupied, size } = this;
    const before = (sum * sum) / all;
    let best: BestSplit | undefined;
    let [leftRows, leftSum, bestGain] = [0, 0, gain];
    for (let i = 0; i < size; i++) {
      const bin = occupied[i];
      leftRows += rows[bin];
      leftSum += sums[bin];
      rows[bin] = 0;
      sums[bin] = 0;
      const rightRows = all - leftRows;
      if (i === size - 1 || leftRows < minRows || rightRows < minRows) continue;
      const rightSum = sum - leftSum;
      const own = (leftSum * leftSum) / leftRows + (rightSum * rightSum) / rightRows - before;
      if (own > bestGain) {
        bestGain = own;
        best = { bin, next: occupied[i + 1], gain: own };
      }
    }
    return best;
  }
}
