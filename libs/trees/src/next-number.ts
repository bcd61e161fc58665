const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);
const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

function afterDouble(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  double[0] = x;
  bits[0] += x > 0 ? 1n : -1n;
  return double[0];
}

/**
 * The smallest number of a type above `x`.
 *
 * @param x finite or -Infinity
 */
export function numberAbove(x: number, type: 'float32' | 'float64'): number {
  if (type === 'float64') return afterDouble(x);
  single[0] = x;
  if (single[0] > x) return single[0];
  if (single[0] === 0) return 2 ** -149;
  singleBits[0] += single[0] > 0 ? 1 : -1;
  return single[0];
}
