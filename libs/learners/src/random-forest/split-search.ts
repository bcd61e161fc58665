import { splitThreshold } from '../tree/split-threshold.js';
import type { ClassHistogram } from './class-histogram.js';
import type { CodedFeatures } from './coded-features.js';
import { classTerm, type Criterion, splitPurity } from './purity.js';

/** Finds the best split of a node; the fields hold the best one so far. */
export class SplitSearch {
  feature = -1;
  threshold = 0;
  /** The last bin that goes left. */
  bin = 0;
  /** Summed over both sides. */
  purity = -Infinity;
  /** Rows per class on the left, counted as often as drawn. */
  readonly leftCounts: Int32Array;
  private readonly left: Int32Array;

  /** @param classWeights the weight of each class */
  constructor(
    private readonly data: CodedFeatures,
    private readonly criterion: Criterion,
    private readonly minSamplesLeaf: number,
    private readonly classWeights: Float64Array,
  ) {
    this.leftCounts = new Int32Array(data.classes);
    this.left = new Int32Array(data.classes);
  }

  reset(): void {
    this.feature = -1;
    this.purity = -Infinity;
  }

  /**
   * Tries every boundary between occupied bins of one feature, and clears the histogram.
   *
   * @param nodeCounts rows per class in the node
   * @param rows their sum
   */
  tryFeature(feature: number, histogram: ClassHistogram, nodeCounts: Int32Array, rows: number): void {
    const best = this.purity;
    const index =
      nodeCounts.length === 2
        ? this.bestOfTwoClasses(histogram, nodeCounts)
        : this.bestOfClasses(histogram, nodeCounts, rows);
    if (this.purity > best) this.take(feature, index, histogram);
    histogram.clear();
  }

  /** The index in `occupied` of the best split's last left bin; `purity` tells whether it beats the others. */
  private bestOfClasses(histogram: ClassHistogram, nodeCounts: Int32Array, rows: number): number {
    const { left, classWeights, criterion, minSamplesLeaf } = this;
    const { counts, occupied, size } = histogram;
    const classes = left.length;
    let best = this.purity;
    let bestIndex = -1;
    let leftRows = 0;
    left.fill(0);
    for (let i = 0; i < size - 1; i++) {
      let leftSum = 0;
      let leftWeight = 0;
      let rightSum = 0;
      let rightWeight = 0;
      for (let c = 0, at = occupied[i] * classes; c < classes; c++, at++) {
        leftRows += counts[at];
        left[c] += counts[at];
        const onLeft = left[c] * classWeights[c];
        const onRight = (nodeCounts[c] - left[c]) * classWeights[c];
        leftWeight += onLeft;
        rightWeight += onRight;
        leftSum += classTerm(criterion, onLeft);
        rightSum += classTerm(criterion, onRight);
      }
      if (leftRows < minSamplesLeaf || rows - leftRows < minSamplesLeaf) continue;
      const purity = splitPurity(criterion, leftSum, leftWeight, rightSum, rightWeight);
      if (purity > best) {
        best = purity;
        bestIndex = i;
      }
    }
    this.purity = best;
    return bestIndex;
  }

  /** The same for two classes without the inner loop, about four times as fast. */
  private bestOfTwoClasses(histogram: ClassHistogram, nodeCounts: Int32Array): number {
    const { criterion, minSamplesLeaf } = this;
    const { counts, occupied, size } = histogram;
    const [weight0, weight1] = this.classWeights;
    const [all0, all1] = nodeCounts;
    const maxLeft = all0 + all1 - minSamplesLeaf;
    let best = this.purity;
    let bestIndex = -1;
    let left0 = 0;
    let left1 = 0;
    for (let i = 0; i < size - 1; i++) {
      const at = 2 * occupied[i];
      left0 += counts[at];
      left1 += counts[at + 1];
      if (left0 + left1 < minSamplesLeaf || left0 + left1 > maxLeft) continue;
      const onLeft0 = left0 * weight0;
      const onLeft1 = left1 * weight1;
      const onRight0 = (all0 - left0) * weight0;
      const onRight1 = (all1 - left1) * weight1;
      const leftSum = classTerm(criterion, onLeft0) + classTerm(criterion, onLeft1);
      const rightSum = classTerm(criterion, onRight0) + classTerm(criterion, onRight1);
      const purity = splitPurity(criterion, leftSum, onLeft0 + onLeft1, rightSum, onRight0 + onRight1);
      if (purity > best) {
        best = purity;
        bestIndex = i;
      }
    }
    this.purity = best;
    return bestIndex;
  }

  private take(feature: number, index: number, { counts, occupied }: ClassHistogram): void {
    const { classes, lowest, highest } = this.data;
    this.feature = feature;
    this.bin = occupied[index];
    this.threshold = splitThreshold(highest[feature][occupied[index]], lowest[feature][occupied[index + 1]]);
    this.leftCounts.fill(0);
    for (let i = 0; i <= index; i++) {
      for (let c = 0; c < classes; c++) this.leftCounts[c] += counts[occupied[i] * classes + c];
    }
  }
}
