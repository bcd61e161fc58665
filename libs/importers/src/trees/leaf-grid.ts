/** Float64 represents all whole numbers below 2^53; one bit is reserved for rounding up. */
const BITS = 52;
/** Beyond, a power of two or its inverse is no float64. */
const MOST = 1_000;

/**
 * Rounds leaves to multiples of the smallest power of two for which any sum of one leaf per tree is exact in float64:
 * then the result is bit-identical for any order of trees and number of threads. The error of a sum of T leaves is at
 * most T x 2^-52 of the largest sum.
 *
 * @param leaves one array per tree
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
