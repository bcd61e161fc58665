/** `e^x = 2^(n / PARTS) e^r` with a whole `n` and `|r| <= ln 2 / 2 / PARTS`. */
const PARTS = 64;
const PART_POWERS = Float64Array.from({ length: PARTS }, (_, i) => 2 ** (i / PARTS));
const LIMIT = 700;
/** Makes `n` positive. */
const OFFSET = 1_024;
const POWERS = Float64Array.from({ length: 2 * OFFSET }, (_, i) => 2 ** (i - OFFSET));
/** ln 2 / PARTS in two parts: the first ends with zeros, so that multiplying it by `n` is exact (as in fdlibm). */
const LN2_HIGH = 6.931471803691238e-1 / PARTS;
const LN2_LOW = 1.9082149292705877e-10 / PARTS;

/**
 * `e^x` to 1e-15 of its value for `|x| <= 700`, and `e^700` or `e^-700` beyond: nearly twice as fast as `Math.exp`.
 */
export function fastExp(x: number): number {
  const within = x > LIMIT ? LIMIT : x < -LIMIT ? -LIMIT : x;
  const shifted = (within * (Math.LOG2E * PARTS) + (OFFSET * PARTS + 0.5)) | 0;
  const n = shifted - OFFSET * PARTS;
  const r = within - n * LN2_HIGH - n * LN2_LOW;
  const power = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))));
  return power * PART_POWERS[shifted & (PARTS - 1)] * POWERS[shifted >> 6];
}
