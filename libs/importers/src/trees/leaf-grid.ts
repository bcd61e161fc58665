/** A float64 tells apart whole numbers below 2^53; one bit is left for what rounding adds. */
const BITS = 52;
/** Beyond, a power of two or its inverse is no number of float64. */
const MOST = 1_000;

/**
 * Rounds leaves to multiples of one power of two, the least for which any sum of one leaf a tree is exact in float64: then
 * neither the order of the trees nor the number of threads matters to any bit. The error of a sum of T leaves is at most
 * T x 2^-52 of the largest sum.
 *
 * @param leaves one array a tree
 */
export function onGrid(leaves: readonly (readonly number[])[]): Float64Array {
  let bound = 0;
  for (const tree of leaves) {
    let largest = 0;
    for (const value of tree) largest = Math.max(largest, Math.abs(value));
    bound += largest;
  }
  const digits = bound > 0 ? BITS - 1 - Math.floor(Math.log2(bound)) : 0;
  const unit = 2 ** -Math.max(-MOST, Math.min(MOST, digits));
  return Float64Array.from(leaves.flat(), (value) => Math.round(value / unit) * unit);
}
