/** A table of tokens: column, length and number of each, and its bytes, zeros behind them. */
const TABLE: usize = 4096;
const SLOTS: u32 = 4096;
const SLOT_BYTES: usize = 64;
const KEY: usize = 16;
const MOST_BYTES: usize = 48;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const CLOSE_ARRAY: u32 = 0x5d;
const CLOSE_OBJECT: u32 = 0x7d;
const SPACE: u32 = 0x20;

/** The end of a text without escapes, or of anything else; 0 for all other texts. */
function endOfToken(at: usize): usize {
  let i = at;
  if (load<u8>(i) == QUOTE) {
    for (i++; load<u8>(i) != QUOTE; i++) if (load<u8>(i) < SPACE || load<u8>(i) == BACKSLASH) return 0;
    return i + 1;
  }
  for (let byte: u32 = load<u8>(i); byte > SPACE; byte = load<u8>(++i)) {
    if (byte == COMMA || byte == CLOSE_OBJECT || byte == CLOSE_ARRAY) break;
  }
  return i;
}

/** Up to eight bytes of a token, zeros behind them. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function wordAt(at: usize, end: usize): u64 {
  const word = load<u64>(at);
  return end - at >= 8 ? word : word & ((<u64>1 << ((end - at) << 3)) - 1);
}

function slotOf(column: u32, at: usize, end: usize): usize {
  let hash: u64 = column;
  for (let i = at; i < end; i += 8) {
    hash = (hash ^ wordAt(i, end)) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  }
  return TABLE + <usize>(<u32>hash & (SLOTS - 1)) * SLOT_BYTES;
}

/**
 * Reads a token that stands for a number in its column.
 *
 * @param target where the float64 goes
 * @returns where it ends; 0 if it is not in the table
 */
export function readToken(column: u32, at: usize, target: usize): usize {
  const end = endOfToken(at);
  const length = end - at;
  if (end == 0 || length == 0 || length > MOST_BYTES) return 0;
  const slot = slotOf(column, at, end);
  if (load<u32>(slot) != column + 1 || load<u32>(slot, 4) != <u32>length) return 0;
  for (let i: usize = 0; i < length; i += 8) if (load<u64>(slot + KEY + i) != wordAt(at + i, end)) return 0;
  store<f64>(target, load<f64>(slot, 8));
  return end;
}

/** From now on, reads a token of a column as this number; another one may have to go for it. */
export function remember(column: u32, at: usize, end: usize, number: f64): void {
  const length = end - at;
  if (length > MOST_BYTES) return;
  const slot = slotOf(column, at, end);
  store<u32>(slot, column + 1);
  store<u32>(slot, <u32>length, 4);
  store<f64>(slot, number, 8);
  for (let i: usize = 0; i < length; i += 8) store<u64>(slot + KEY + i, wordAt(at + i, end));
}
