import { putId } from './put-id';

const MILLION: f64 = 1000000;

const ZERO: u32 = 0x30;
const ONE: u32 = 0x31;
const POINT: u32 = 0x2e;
const COMMA: u32 = 0x2c;

/** Copies a text; up to 15 bytes behind it are overwritten. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function put(at: usize, from: usize, length: usize): usize {
  for (let i: usize = 0; i < length; i += 16) v128.store(at + i, v128.load(from + i));
  return at + length;
}

/** Writes a probability with up to six decimals; 0 where it is none. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function putProbability(at: usize, probability: f32): usize {
  const rounded = floor(<f64>probability * MILLION + 0.5);
  if (!(probability >= 0 && rounded <= MILLION)) return 0;
  if (rounded == 0 || rounded == MILLION) {
    store<u8>(at, rounded == 0 ? ZERO : ONE);
    return at + 1;
  }
  store<u8>(at, ZERO);
  store<u8>(at, POINT, 1);
  let rest = <u32>rounded;
  let end = at + 8;
  for (let i = at + 7; i > at + 1; i--) {
    const tens = rest / 10;
    const digit = rest - 10 * tens;
    rest = tens;
    store<u8>(i, ZERO + digit);
    if (digit == 0 && end == i + 1) end = i;
  }
  return end;
}

/**
 * Writes answered rows: label, probability and id between texts that are the same in all.
 *
 * @param texts places and lengths, as uint32s: of what is between probability and id, of what is behind the id, and of what is
 * before the probability for each class
 * @param classes uint16s
 * @param probabilities float32s
 * @param ids 16 bytes each
 * @param hasComma whether one is before the first row, too
 * @param at where it is written to; up to 15 bytes behind it are overwritten
 * @returns the end of what is written; 0 if a probability is not from 0 to 1
 */
export function answers(
  texts: usize,
  classes: usize,
  probabilities: usize,
  ids: usize,
  rows: i32,
  hasComma: bool,
  at: usize,
): usize {
  const middle = <usize>load<u32>(texts);
  const middleLength = <usize>load<u32>(texts, 4);
  const tail = <usize>load<u32>(texts, 8);
  const tailLength = <usize>load<u32>(texts, 12);
  for (let row = 0; row < rows; row++) {
    if (hasComma || row > 0) store<u8>(at++, COMMA);
    const head = texts + 16 + (<usize>load<u16>(classes + (<usize>row << 1)) << 3);
    at = put(at, <usize>load<u32>(head), <usize>load<u32>(head, 4));
    at = putProbability(at, load<f32>(probabilities + (<usize>row << 2)));
    if (at == 0) return 0;
    at = put(at, middle, middleLength);
    at = putId(at, ids + (<usize>row << 4));
    at = put(at, tail, tailLength);
  }
  return at;
}
