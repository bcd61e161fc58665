import { splitThreshold } from '../tree/split-threshold.js';
import type { BinnedRows } from './binned-rows.js';
import { FEATURE_STRIDE, type GradientHistogram } from './gradient-histogram.js';
import type { PackedGradients } from './packed-gradients.js';

/** A side with less curvature than this has nothing left to learn. */
const MIN_CURVATURE = 1e-3;
/** Gains below this are rounding. */
const MIN_GAIN = 1e-9;

/**
 * Finds the split of a node that lowers the loss most, to second order and with L2 penalty on leaf values: gain `G_l^2 /
 * (H_l + l2) + G_r^2 / (H_r + l2) - G^2 / (H + l2)` (Chen, Guestrin: "XGBoost", KDD 2016, equation 7, times two).
 */
export class GainSearch {
  feature = -1;
  threshold = 0;
  /** The last bin that goes left. */
  bin = 0;
  gain = 0;
  /** The sum of packed gradients on the left. */
  leftSum = 0;

  constructor(
    private readonly data: BinnedRows,
    private readonly gradients: PackedGradients,
    private readonly l2: number,
    private readonly minSamplesLeaf: number,
  ) {}

  /**
   * @param sum of the node's packed gradients
   * @param rows in the node; looked at only where the histogram counts rows
   * @returns whether there is a split that gains
   */
  find(histogram: GradientHistogram, sum: number, rows: number): boolean {
    this.feature = -1;
    this.gain = MIN_GAIN;
    for (let f = 0; f < this.data.features; f++) this.tryFeature(f, histogram, sum, rows);
    return this.feature >= 0;
  }

  private tryFeature(f: number, { sums, counts }: GradientHistogram, sum: number, rows: number): void {
    const { l2, minSamplesLeaf, gradients } = this;
    const base = f * FEATURE_STRIDE;
    const counting = counts.length > 0;
    const gradient = gradients.gradientOf(sum);
    const curvature = gradients.curvatureOf(sum);
    const before = (gradient * gradient) / (curvature + l2);
    let leftSum = 0;
    let leftRows = 0;
    for (let bin = 0, last = this.data.lowest[f].length - 1; bin < last; bin++) {
      leftSum += sums[base + bin];
      if (counting) {
        leftRows += counts[base + bin];
        if (leftRows < minSamplesLeaf || rows - leftRows < minSamplesLeaf) continue;
      }
      const leftCurvature = gradients.curvatureOf(leftSum);
      const rightCurvature = curvature - leftCurvature;
      if (leftCurvature < MIN_CURVATURE || rightCurvature < MIN_CURVATURE) continue;
      const leftGradient = gradients.gradientOf(leftSum);
      const rightGradient = gradient - leftGradient;
      const left = (leftGradient * leftGradient) / (leftCurvature + l2);
      const right = (rightGradient * rightGradient) / (rightCurvature + l2);
      if (left + right - before > this.gain) {
        this.gain = left + right - before;
        this.feature = f;
        this.bin = bin;
        this.leftSum = leftSum;
        this.threshold = splitThreshold(this.data.highest[f][bin], this.data.lowest[f][bin + 1]);
      }
    }
  }
}
