import { putId } from './put-id';

/** From here on ten decimals read back as the same float32, whose neighbours are at least 6e-8 of it away. */
const LEAST_OF_TEN_DIGITS: f32 = 0.002;
const TEN_DIGITS: f64 = 10000000000;
const FIVE_DIGITS: u64 = 100000;

const ZERO: u32 = 0x30;
const ONE: u32 = 0x31;
const POINT: u32 = 0x2e;
const COMMA: u32 = 0x2c;
const QUOTE: u32 = 0x22;

/**
 * Writes ids in quotes, with a comma behind each.
 *
 * @param given 16 bytes each
 * @returns the end of what is written
 */
export function ids(given: usize, rows: i32, at: usize): usize {
  for (let row = 0; row < rows; row++) {
    store<u8>(at, QUOTE);
    at = putId(at + 1, given + (<usize>row << 4));
    store<u8>(at, QUOTE);
    store<u8>(at, COMMA, 1);
    at += 2;
  }
  return at;
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
function putFive(at: usize, number: u32): void {
  let rest = number;
  for (let i: usize = 5; i > 0; i--) {
    const tens = rest / 10;
    store<u8>(at + i - 1, ZERO + rest - 10 * tens);
    rest = tens;
  }
}

/**
 * Writes numbers that read back as the same float32, with a comma behind each, until one is neither 0 or 1 nor one that ten
 * decimals tell.
 *
 * @param given float32s
 * @param stopped where the number of those that are written goes, an int32
 * @returns the end of what is written
 */
export function scores(given: usize, rows: i32, at: usize, stopped: usize): usize {
  let row = 0;
  for (; row < rows; row++) {
    const score = load<f32>(given + (<usize>row << 2));
    const digits = floor(<f64>score * TEN_DIGITS + 0.5);
    if (score >= LEAST_OF_TEN_DIGITS && digits < TEN_DIGITS) {
      const high = <u64>digits / FIVE_DIGITS;
      store<u8>(at, ZERO);
      store<u8>(at, POINT, 1);
      putFive(at + 2, <u32>high);
      putFive(at + 7, <u32>(<u64>digits - high * FIVE_DIGITS));
      at += 12;
    } else if (score == 0 || score == 1) store<u8>(at++, score == 0 ? ZERO : ONE);
    else break;
    store<u8>(at++, COMMA);
  }
  store<i32>(stopped, row);
  return at;
}
