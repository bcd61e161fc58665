import type { BoostingMemory } from './boosting-memory.js';
import { binOf, CODES } from './feature-bins.js';
import { curvatureOf, gradientOf } from './packed-gradients.js';

/** A side with less curvature than this has nothing left to learn. */
const MIN_CURVATURE = 1e-3;
/** Gains below this are rounding. */
const MIN_GAIN = 1e-9;

/**
 * Finds the split of a node that lowers the loss most, to second order and with L2 penalty on leaf values: gain `G_l^2 /
 * (H_l + l2) + G_r^2 / (H_r + l2) - G^2 / (H + l2)` (Chen, Guestrin: "XGBoost", KDD 2016, equation 7, times two).
 */
export class GainSearch {
  /** -1 where no split gains. */
  feature = -1;
  /** The last bin that goes left. */
  bin = 0;
  gain = 0;
  /** The sum of packed gradients on the left. */
  leftSum = 0;

  private readonly ownSums = new Float64Array(CODES);
  private readonly ownCounts = new Int32Array(CODES);

  constructor(private readonly memory: BoostingMemory) {}

  /**
   * @param room of the node's histogram
   * @param sum of the node's packed gradients
   * @param rows in the node; looked at only where histograms count rows
   */
  find(room: number, sum: number, rows: number): void {
    const { features, histogram, bins, sums, counts } = this.memory;
    this.feature = -1;
    this.gain = MIN_GAIN;
    for (let f = 0; f < features; f++) {
      const first = room * histogram + bins.column[f] * CODES;
      if (bins.codes[f] === bins.counts[f] || bins.codes[f] === CODES)
        this.tryFeature(f, sums, counts, first, sum, rows);
      else {
        this.separate(f, first);
        this.tryFeature(f, this.ownSums, this.ownCounts, 0, sum, rows);
      }
    }
  }

  /** Takes the histogram of one feature out of that of all features in its column. */
  private separate(f: number, first: number): void {
    const { ownSums, ownCounts } = this;
    const { sums, counts, bins } = this.memory;
    ownSums.fill(0);
    ownCounts.fill(0);
    for (let code = 0; code < bins.codes[f]; code++) {
      const bin = binOf(bins, f, code);
      ownSums[bin] += sums[first + code];
      if (counts.length > 0) ownCounts[bin] += counts[first + code];
    }
  }

  private tryFeature(
    f: number,
    sums: Float64Array,
    counts: Int32Array,
    first: number,
    sum: number,
    rows: number,
  ): void {
    const { steps, bins } = this.memory;
    const { l2, minSamplesLeaf } = this.memory.rules;
    const counting = minSamplesLeaf > 1;
    const gradient = gradientOf(sum, steps);
    const curvature = curvatureOf(sum, steps);
    const before = (gradient * gradient) / (curvature + l2);
    let leftSum = 0;
    let leftRows = 0;
    for (let bin = 0, last = bins.counts[f] - 1; bin < last; bin++) {
      leftSum += sums[first + bin];
      if (counting) {
        leftRows += counts[first + bin];
        if (leftRows < minSamplesLeaf || rows - leftRows < minSamplesLeaf) continue;
      }
      const leftCurvature = curvatureOf(leftSum, steps);
      const rightCurvature = curvature - leftCurvature;
      if (leftCurvature < MIN_CURVATURE || rightCurvature < MIN_CURVATURE) continue;
      const leftGradient = gradientOf(leftSum, steps);
      const rightGradient = gradient - leftGradient;
      const left = (leftGradient * leftGradient) / (leftCurvature + l2);
      const right = (rightGradient * rightGradient) / (rightCurvature + l2);
      if (left + right - before > this.gain) {
        this.gain = left + right - before;
        this.feature = f;
        this.bin = bin;
        this.leftSum = leftSum;
      }
    }
  }
}
