/** Exact powers of ten as float64, from 1 to 1e22. */
const TENS: usize = 64;
const LARGEST_TEN: i32 = 22;
/** Powers of five from -80 to 80: the first 128 bits of each, the high half before the low. */
const FIVES: usize = 256;
const LARGEST_FIVE: i32 = 80;
/** Any number of so many digits fits into 64 bits. */
const MOST_DIGITS: usize = 19;
const EXACT: u64 = 1 << 53;
/** Exponents that tables do not have, whatever the digits. */
const EXPONENT_DIGITS: usize = 4;

const ZERO: u32 = 0x30;
const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;
const POINT: u32 = 0x2e;
const SMALL_E: u32 = 0x65;
const LOWER_CASE: u32 = 0x20;

// @ts-ignore: for the compiler of AssemblyScript
@inline
function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - ZERO;
}

/** Whether eight bytes are digits. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function areDigits(eight: u64): bool {
  return ((eight & 0xf0f0f0f0f0f0f0f0) | (((eight + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4)) == 0x3333333333333333;
}

/** The number that eight digits are: pairs, then fours, then all are put together. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function numberOf(eight: u64): u64 {
  let value = eight - 0x3030303030303030;
  value = value * 10 + (value >> 8);
  const first = (value & 0x000000ff000000ff) * 0x000f424000000064;
  const second = ((value >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return (first + second) >> 32;
}

/** The high half of a product. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function highOf(a: u64, b: u64): u64 {
  const lowA = a & 0xffffffff;
  const highA = a >> 32;
  const lowB = b & 0xffffffff;
  const highB = b >> 32;
  const low = lowA * lowB;
  const first = highA * lowB + (low >> 32);
  const second = lowA * highB + (first & 0xffffffff);
  return highA * highB + (first >> 32) + (second >> 32);
}

/**
 * The double nearest to `digits` times ten to `power`, from the first 128 bits of a product (Lemire, "Number parsing at a
 * gigabyte per second"; Mushtak and Lemire, "Fast number parsing without fallback").
 */
function nearest(digits: u64, power: i32): f64 {
  const zeros = clz(digits);
  const shifted = digits << zeros;
  const five = FIVES + ((<usize>(power + LARGEST_FIVE)) << 4);
  const factor = load<u64>(five);
  let high = highOf(shifted, factor);
  let low = shifted * factor;
  if ((high & 0x1ff) == 0x1ff) {
    const more = highOf(shifted, load<u64>(five, 8));
    low += more;
    if (low < more) high++;
  }
  const upper = high >> 63;
  const shift = upper + 9;
  let mantissa = high >> shift;
  let exponent = (((152170 + 65536) * power) >> 16) + 63 + <i32>upper - <i32>zeros + 1023;
  // Half way between two doubles, it is the even one.
  if (low <= 1 && power >= -4 && power <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) mantissa &= ~1;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= EXACT) {
    mantissa = 1 << 52;
    exponent++;
  }
  return reinterpret<f64>((mantissa & ((1 << 52) - 1)) | (<u64>exponent << 52));
}

/** How many of the digits from `start` to `end`, a point among them, count. */
function significant(start: usize, end: usize, hasPoint: bool): usize {
  let i = start;
  while (i < end && (load<u8>(i) == ZERO || load<u8>(i) == POINT)) i++;
  // Behind the point, that does not count.
  let digits = end - i;
  if (hasPoint) for (let at = i; at < end; at++) if (load<u8>(at) == POINT) digits--;
  return digits;
}

/**
 * Reads a JSON number (RFC 8259, section 6) to the nearest double.
 *
 * @param target where the float64 goes
 * @returns where it ends; 0 where none begins, or one of more than 19 digits or of an exponent beyond the tables
 */
export function readNumber(at: usize, target: usize): usize {
  const isNegative = load<u8>(at) == MINUS;
  const start = at + <usize>isNegative;
  let i = start;
  let digits: u64 = 0;
  let digit = digitAt(i);
  if (digit == 0) {
    digit = digitAt(++i);
    if (digit < 10) return 0;
  } else {
    if (digit > 9) return 0;
    do {
      digits = digits * 10 + digit;
      digit = digitAt(++i);
    } while (digit < 10);
  }
  let power: i32 = 0;
  const hasPoint = load<u8>(i) == POINT;
  if (hasPoint) {
    const fraction = ++i;
    for (let eight = load<u64>(i); areDigits(eight); eight = load<u64>(i)) {
      digits = digits * 100000000 + numberOf(eight);
      i += 8;
    }
    for (digit = digitAt(i); digit < 10; digit = digitAt(++i)) digits = digits * 10 + digit;
    if (i == fraction) return 0;
    power = <i32>(fraction - i);
  }
  if (i - start > MOST_DIGITS && significant(start, i, hasPoint) > MOST_DIGITS) return 0;
  if ((load<u8>(i) | LOWER_CASE) == SMALL_E) {
    const sign = load<u8>(++i);
    if (sign == MINUS || sign == PLUS) i++;
    const first = i;
    let exponent: i32 = 0;
    for (digit = digitAt(i); digit < 10; digit = digitAt(++i)) exponent = exponent * 10 + digit;
    if (i == first || i - first > EXPONENT_DIGITS) return 0;
    power += sign == MINUS ? -exponent : exponent;
  }
  let value: f64 = 0;
  if (digits != 0) {
    if (digits <= EXACT && power >= -LARGEST_TEN && power <= LARGEST_TEN) {
      const ten = load<f64>(TENS + ((<usize>abs(power)) << 3));
      value = power < 0 ? <f64>digits / ten : <f64>digits * ten;
    } else {
      if (power < -LARGEST_FIVE || power > LARGEST_FIVE) return 0;
      value = nearest(digits, power);
    }
  }
  store<f64>(target, isNegative ? -value : value);
  return i;
}
