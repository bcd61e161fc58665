/** `e^x = 2^(n / PARTS) e^r` with a whole `n` and `|r| <= ln 2 / 2 / PARTS`. */
const PARTS: i32 = 64;
const PART_BITS: i32 = 6;
const LIMIT: f64 = 700;
/** Makes `n` positive. */
const OFFSET: i32 = 1_024;
/** A float64's exponent of 0. */
const BIAS: i32 = 1_023;
const LOG2E: f64 = 1.4426950408889634;
/** ln 2 / PARTS in two parts: the first ends with zeros, so that multiplying it by `n` is exact (as in fdlibm). */
const LN2_HIGH: f64 = 6.931471803691238e-1 / PARTS;
const LN2_LOW: f64 = 1.9082149292705877e-10 / PARTS;

/**
 * `e^x` to 1e-15 of its value for `|x| <= 700`, and `e^700` or `e^-700` beyond.
 *
 * @param powers float64s: `2^(i / PARTS)`
 */
// @ts-ignore: for the compiler of AssemblyScript
@inline
export function fastExp(x: f64, powers: usize): f64 {
  const within: f64 = x > LIMIT ? LIMIT : x < -LIMIT ? -LIMIT : x;
  const shifted = <i32>(within * (LOG2E * PARTS) + (<f64>(OFFSET * PARTS) + 0.5));
  const n = <f64>(shifted - OFFSET * PARTS);
  const r = within - n * LN2_HIGH - n * LN2_LOW;
  const power = 1 + r * (1 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120)))));
  const exponent = (shifted >> PART_BITS) - OFFSET + BIAS;
  return power * load<f64>(powers + ((shifted & (PARTS - 1)) << 3)) * reinterpret<f64>((<u64>exponent) << 52);
}
