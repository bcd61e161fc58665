import { floorToFloat32 } from '#onnx';

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

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
  // The next float64 first: it is above a float32 that is `x` itself.
  return type === 'float64' ? afterDouble(x) : smallestFrom(afterDouble(x), type);
}

/** The smallest number of a type that is not below `x`. */
export const smallestFrom = (x: number, type: 'float32' | 'float64'): number =>
  type === 'float64' ? x : -floorToFloat32(-x);
