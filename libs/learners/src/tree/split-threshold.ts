import { floorToFloat32 } from '#onnx';

/**
 * The float32 number halfway between two neighbouring values, rounded down: at least `low` and below `high`, so that
 * `x <= threshold` separates in serving what the bins separate in training.
 *
 * @param low the largest value that goes left, a float32 number
 * @param high the smallest value that goes right, a float32 number above `low`
 */
export function splitThreshold(low: number, high: number): number {
  return floorToFloat32((low + high) / 2);
}
