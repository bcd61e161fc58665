/** Blocks of this size are summed sequentially. */
const BLOCK = 128;

/**
 * Sums with numpy's rounding: the error grows only with the logarithm of the count (`pairwise_sum` of
 * numpy/_core/src/umath/loops_utils.h.src; Higham 1993).
 */
export function pairwiseSum(values: Float64Array, start = 0, count = values.length): number {
  if (count < 8) {
    let sum = 0;
    for (let i = start; i < start + count; i++) sum += values[i];
    return sum;
  }
  if (count > BLOCK) {
    const half = count >> 1;
    const first = half - (half % 8);
    return pairwiseSum(values, start, first) + pairwiseSum(values, start + first, count - first);
  }
  const lanes = values.slice(start, start + 8);
  const whole = count - (count % 8);
  for (let i = 8; i < whole; i += 8) for (let lane = 0; lane < 8; lane++) lanes[lane] += values[start + i + lane];
  const [a, b, c, d, e, f, g, h] = lanes;
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let i = whole; i < count; i++) sum += values[start + i];
  return sum;
}
