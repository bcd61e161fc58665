import { readNumber } from './number';
import { readToken } from './tokens';

/** Of a field of the plan: where what stands before its value is, its length, its column, and its rules. */
const FIELD_BYTES: usize = 32;
const NULLABLE: u32 = 1;
const WHOLE: u32 = 2;
const TOKEN: u32 = 4;

const SPACE: u32 = 0x20;
const TAB: u32 = 0x09;
const LINE_FEED: u32 = 0x0a;
const RETURN: u32 = 0x0d;
const COMMA: u32 = 0x2c;
const COLON: u32 = 0x3a;
const NULL: u32 = 0x6c6c756e;

function skipSpace(at: usize): usize {
  let i = at;
  for (let byte: u32 = load<u8>(i); byte <= SPACE; byte = load<u8>(++i)) {
    if (byte != SPACE && byte != LINE_FEED && byte != RETURN && byte != TAB) break;
  }
  return i;
}

// @ts-ignore: for the compiler of AssemblyScript
@inline
function areSame(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return ((load<u64>(a + i) ^ load<u64>(b + i)) & ((<u64>1 << ((length - i) << 3)) - 1)) == 0;
}

/** The end of what stands before a value, with blanks between its parts; 0 if it does not. */
function endOfSpaced(at: usize, before: usize, length: usize): usize {
  let i = skipSpace(at);
  if (load<u8>(i) != load<u8>(before)) return 0;
  i = skipSpace(i + 1);
  if (length == 1) return i;
  if (!areSame(i, before + 1, length - 2)) return 0;
  i = skipSpace(i + length - 2);
  return load<u8>(i) == COLON ? i + 1 : 0;
}

/**
 * Reads rows with known fields in a known order.
 *
 * @param plan of the fields: 32 bytes each, the first before its value begins with the bracket of rows
 * @param fields their number, at least one
 * @param at where the first row begins; behind the text stands a zero
 * @param values float64s, row by row, `width` of each
 * @param firstColumn the number under which tokens of the first column are remembered
 * @param end where int32s go: the place at which the last row ended that was read, and the column and place of a token that is
 * not known and stops the next one, -1 for the column where it is something else
 * @returns how many rows could be read, up to `most`
 */
export function rows(
  plan: usize,
  fields: i32,
  at: usize,
  values: usize,
  width: i32,
  most: i32,
  firstColumn: u32,
  end: usize,
): i32 {
  const closing = <u32>load<u8>(load<u32>(plan)) + 2;
  const last = plan + <usize>fields * FIELD_BYTES;
  const stride = (<usize>width) << 3;
  let next = at;
  let count = 0;
  store<u32>(end, <u32>at);
  store<i32>(end, -1, 4);
  while (count < most) {
    let i = next;
    for (let field = plan; field < last; field += FIELD_BYTES) {
      const before = <usize>load<u32>(field);
      const length = <usize>load<u32>(field, 4);
      const column = load<u32>(field, 8);
      const rules = load<u32>(field, 12);
      if (areSame(i, before, length)) i += length;
      else {
        i = endOfSpaced(i, before, length);
        if (i == 0) return count;
      }
      if (load<u8>(i) <= SPACE) i = skipSpace(i);
      const target = values + ((<usize>column) << 3);
      if (rules & TOKEN) {
        const after = readToken(firstColumn + column, i, target);
        if (after == 0) {
          store<u32>(end, column, 4);
          store<u32>(end, <u32>i, 8);
          return count;
        }
        i = after;
      } else if (load<u32>(i) == NULL) {
        store<f64>(target, NaN);
        i += 4;
      } else i = readNumber(i, target);
      if (i == 0) return count;
      const value = load<f64>(target);
      if (value != value) {
        if (!(rules & NULLABLE)) return count;
      } else {
        if (!(value >= load<f64>(field, 16) && value <= load<f64>(field, 24))) return count;
        if (rules & WHOLE && floor(value) != value) return count;
      }
    }
    if (load<u8>(i) <= SPACE) i = skipSpace(i);
    if (load<u8>(i) != closing) return count;
    store<u32>(end, <u32>++i);
    count++;
    values += stride;
    if (load<u8>(i) <= SPACE) i = skipSpace(i);
    if (load<u8>(i) != COMMA) return count;
    i++;
    if (load<u8>(i) <= SPACE) i = skipSpace(i);
    next = i;
  }
  return count;
}
