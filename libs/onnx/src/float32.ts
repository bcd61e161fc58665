const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * The largest float32 not above `value`: with float32 inputs, `x <= floorToFloat32(t)` decides as `x <= t` does.
 * `-0` and values below the smallest float32 are handled as IEEE 754 orders them.
 */
export function floorToFloat32(value: number): number {
  float[0] = value;
  if (float[0] <= value) return float[0];
  if (float[0] > 0) bits[0] -= 1;
  else if (float[0] < 0) bits[0] += 1;
  else bits[0] = -0x7fffffff;
  return float[0];
}
