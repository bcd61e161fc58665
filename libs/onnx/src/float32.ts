const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * The largest float32 not above `value`: for float32 inputs, `x <= floorToFloat32(t)` is equivalent to `x <= t`.
 * `-0` and values below the smallest float32 are ordered as in IEEE 754.
 */
export function floorToFloat32(value: number): number {
  float[0] = value;
  if (float[0] <= value) return float[0];
  if (float[0] > 0) bits[0] -= 1;
  else if (float[0] < 0) bits[0] += 1;
  else bits[0] = -0x7fffffff;
  return float[0];
}
