/**
 * The step of leaves' class shares: a power of two so fine that the sum over all trees still fits the 24 bits of a
 * float32. ONNX Runtime adds in float32; sums of such shares are exact in any order, so a served forest decides as the
 * trained one did on every row, ties included.
 */
export const shareStep = (trees: number): number => 2 ** (Math.ceil(Math.log2(trees)) - 23);

/**
 * The class shares of a leaf, rounded to multiples of `step`; they add up to exactly 1.
 *
 * @param shares overwritten
 */
export function leafShares(weights: Float64Array, step: number, shares: Float64Array): void {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let rest = 1;
  let largest = 0;
  for (let c = 0; c < weights.length; c++) {
    shares[c] = Math.round(weights[c] / total / step) * step;
    rest -= shares[c];
    if (weights[c] > weights[largest]) largest = c;
  }
  shares[largest] += rest;
}

/**
 * The step of leaves' means of targets: a power of two so fine that the sum over all trees fits the 53 bits of a
 * float64, and so is exact in any order.
 */
export function meanStep(targets: Float64Array, trees: number): number {
  const largest = targets.reduce((most, target) => Math.max(most, Math.abs(target)), 0);
  return 2 ** Math.max(-1_022, Math.ceil(Math.log2(largest * trees)) - 52);
}
