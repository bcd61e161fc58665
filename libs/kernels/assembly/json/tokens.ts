/**
 * Tokens that were read before, in a hash table with linear probing: each slot has the hash of a token and the place of its entry,
 * behind the slots. An entry: the token's column plus 1, its size, its number, and its bytes, zeros behind them up to a whole block.
 */
const SLOT_BYTES: u32 = 8;
/** Of entries, for each slot; half of the slots at most are taken. */
const ENTRY_BYTES: u32 = 32;
const BYTES: usize = 16;
/** Slots that are looked at, so that tokens which are made to share a slot take no longer. */
const MOST_PROBES: u32 = 16;
/** Longer ones are not remembered. */
const MOST_BYTES: usize = 256;
const BLOCK: usize = 16;

const REMEMBERED: i32 = 1;
const UNREADABLE: i32 = 0;
const FULL: i32 = -1;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;
const COMMA: u32 = 0x2c;
const CLOSE_ARRAY: u32 = 0x5d;
const CLOSE_OBJECT: u32 = 0x7d;
const SPACE: u32 = 0x20;

/** The table: where it begins, its slots minus 1, how many more tokens it takes, and where the next entry goes and has to end. */
let table: usize = 0;
let mask: u32 = 0;
let room: u32 = 0;
let free: usize = 0;
let limit: usize = 0;

/** Of the token read last: where it starts behind a quote, its bytes, and a hash of them and the column. */
let start: usize = 0;
let length: usize = 0;
let hash: u64 = 0;

/** Uses an empty table from now on, of a power of two of slots, 40 bytes each. */
export function tokens(at: usize, slots: u32): void {
  table = at;
  mask = slots - 1;
  room = slots >> 1;
  free = at + <usize>(slots * SLOT_BYTES);
  limit = free + <usize>(slots * ENTRY_BYTES);
  memory.fill(at, 0, limit - at);
}

/** The first bytes of a block, zeros instead of the others. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function firstOf(block: v128, bytes: usize): v128 {
  return v128.and(block, i8x16.lt_u(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>bytes)));
}

/** A bit for each byte of a block that ends a token, or that no remembered one has. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function endsIn(block: v128, isText: bool): i32 {
  if (isText) {
    const ends = v128.or(i8x16.eq(block, i8x16.splat(<i8>QUOTE)), i8x16.eq(block, i8x16.splat(<i8>BACKSLASH)));
    return i8x16.bitmask(v128.or(ends, i8x16.lt_u(block, i8x16.splat(<i8>SPACE))));
  }
  const closes = v128.or(i8x16.eq(block, i8x16.splat(<i8>CLOSE_ARRAY)), i8x16.eq(block, i8x16.splat(<i8>CLOSE_OBJECT)));
  const ends = v128.or(closes, i8x16.eq(block, i8x16.splat(<i8>COMMA)));
  return i8x16.bitmask(v128.or(ends, i8x16.le_u(block, i8x16.splat(<i8>SPACE))));
}

/** Finds the end of a text without escapes, or of anything else; 0 for all other texts, for nothing, and for what is too long. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function endOfToken(column: u32, at: usize): usize {
  const isText = load<u8>(at) == QUOTE;
  start = at + <usize>isText;
  let mixed: u64 = (<u64>column << 1) | <u64>isText;
  for (let i = start; i <= start + MOST_BYTES; i += BLOCK) {
    let block = v128.load(i);
    const ends = endsIn(block, isText);
    if (ends != 0) block = firstOf(block, <usize>ctz(ends));
    mixed = (mixed ^ i64x2.extract_lane(block, 0)) * 0x9e3779b97f4a7c15;
    mixed = (rotr(mixed, 32) ^ i64x2.extract_lane(block, 1)) * 0xc2b2ae3d27d4eb4f;
    if (ends == 0) continue;
    const end = i + <usize>ctz(ends);
    length = end - start;
    hash = mixed ^ (mixed >> 32);
    if (isText) return load<u8>(end) == QUOTE ? end + 1 : 0;
    return length == 0 ? 0 : end;
  }
  return 0;
}

/** What tells tokens apart beside their bytes: the column, the length, and whether it is a text. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function keyOf(column: u32, at: usize): u64 {
  return <u64>(column + 1) | (<u64>((<u32>length << 1) | <u32>(start != at)) << 32);
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
function isEntryOf(entry: usize, key: u64): bool {
  if (load<u64>(entry) != key) return false;
  const bytes = entry + BYTES;
  for (let i: usize = 0; i < length; i += BLOCK) {
    const block = firstOf(v128.load(start + i), min(length - i, BLOCK));
    if (v128.any_true(v128.xor(block, v128.load(bytes + i)))) return false;
  }
  return true;
}

/** The slot of the token read last, or a free one that may be its; 0 if there is none. */
// @ts-ignore: for the compiler of AssemblyScript
@inline
function slotOf(key: u64): usize {
  for (let place = <u32>hash, last = place + MOST_PROBES; place != last; place++) {
    const slot = table + <usize>((place & mask) * SLOT_BYTES);
    const entry = <usize>load<u32>(slot, 4);
    if (entry == 0 || (load<u32>(slot) == <u32>hash && isEntryOf(entry, key))) return slot;
  }
  return 0;
}

/**
 * Reads a token that stands for a number in its column.
 *
 * @param target where the float64 goes
 * @returns where it ends; 0 if it is not in the table
 */
export function readToken(column: u32, at: usize, target: usize): usize {
  const end = endOfToken(column, at);
  if (end == 0) return 0;
  const slot = slotOf(keyOf(column, at));
  if (slot == 0) return 0;
  const entry = <usize>load<u32>(slot, 4);
  if (entry == 0) return 0;
  store<f64>(target, load<f64>(entry, 8));
  return end;
}

/**
 * From now on, reads a token of a column as this number.
 *
 * @returns 1, or 0 if it is one that {@link readToken} cannot find, or -1 if the table is full
 */
export function remember(column: u32, at: usize, end: usize, number: f64): i32 {
  if (endOfToken(column, at) != end) return UNREADABLE;
  const key = keyOf(column, at);
  let slot = slotOf(key);
  if (slot == 0) slot = table + <usize>((<u32>hash & mask) * SLOT_BYTES);
  else if (load<u32>(slot, 4) != 0) return REMEMBERED;
  const bytes = free + BYTES;
  const next = bytes + ((length + BLOCK - 1) & ~(BLOCK - 1));
  if (room == 0 || next > limit) return FULL;
  room--;
  store<u32>(slot, <u32>hash);
  store<u32>(slot, <u32>free, 4);
  store<u64>(free, key);
  store<f64>(free, number, 8);
  for (let i: usize = 0; i < length; i += BLOCK) {
    v128.store(bytes + i, firstOf(v128.load(start + i), min(length - i, BLOCK)));
  }
  free = next;
  return REMEMBERED;
}
