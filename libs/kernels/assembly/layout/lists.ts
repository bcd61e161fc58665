/** Where the next element is read, where the bytes end, and where the next number is written. */
@unmanaged
export class Cursor {
  at: usize;
  end: usize;
  to: usize;
}

const READ = 0;
const TOO_LARGE = 1;
const MALFORMED = 2;
/** What elements are, and become. */
const INT32 = 0;
const FLOAT64 = 1;
const FLOAT = 2;
/** Bits of the longest varint but its last byte. */
const MOST_SHIFT: u64 = 63;
/** A known text has so many bytes: its length, and its UTF-8. */
const SLOT_BITS = 7;

function wholes<T>(cursor: Cursor, tag: i32): i32 {
  const before: usize = tag >= 0 ? 1 : 0;
  const end = cursor.end;
  let at = cursor.at;
  let to = cursor.to;
  let result = READ;
  while (at < end) {
    // Nearly all have one byte or two.
    if (at + 2 < end && (tag < 0 || <i32>load<u8>(at) == tag)) {
      const first: u32 = load<u8>(at + before);
      const second: u32 = load<u8>(at + before, 1);
      const isLong = first > 127;
      if (!isLong || second < 128) {
        store<T>(to, <T>(isLong ? (first & 127) | (second << 7) : first));
        to += sizeof<T>();
        at += before + (isLong ? 2 : 1);
        continue;
      }
    }
    let next = at;
    if (tag >= 0) {
      if (<i32>load<u8>(next) != tag) break;
      next++;
    }
    let x: u64 = 0;
    let byte: u64 = 128;
    for (let shift: u64 = 0; next < end && byte > 127; shift += 7) {
      if (shift > MOST_SHIFT) {
        result = MALFORMED;
        break;
      }
      byte = load<u8>(next++);
      x |= (byte & 127) << shift;
    }
    if (byte > 127) break;
    if (sizeof<T>() == 4 && <i64>(<i32>x) != <i64>x) {
      result = TOO_LARGE;
      break;
    }
    store<T>(to, <T>(<i64>x));
    to += sizeof<T>();
    at = next;
  }
  cursor.at = at;
  cursor.to = to;
  return result;
}

function floats<T>(cursor: Cursor, tag: i32): i32 {
  const before: usize = tag >= 0 ? 1 : 0;
  const step = sizeof<T>() + before;
  let at = cursor.at;
  let to = cursor.to;
  for (; at + step <= cursor.end; at += step) {
    if (tag >= 0 && <i32>load<u8>(at) != tag) break;
    store<T>(to, load<T>(at + before));
    to += sizeof<T>();
  }
  cursor.at = at;
  cursor.to = to;
  return READ;
}

/**
 * Reads elements of a repeated field of numbers, as far as they are complete.
 *
 * Source: https://protobuf.dev/programming-guides/encoding
 *
 * @param tag of one byte that stands before each; negative where they are packed
 * @param kind 0 varints to int32, 1 varints to float64, 2 float, 3 double
 * @returns 0, or 1 before one that does not fit an int32, or 2 before one that has more than 64 bits
 */
export function numbers(cursor: Cursor, tag: i32, kind: i32): i32 {
  if (kind == INT32) return wholes<i32>(cursor, tag);
  if (kind == FLOAT64) return wholes<f64>(cursor, tag);
  return kind == FLOAT ? floats<f32>(cursor, tag) : floats<f64>(cursor, tag);
}

/**
 * Reads elements of a repeated field of texts as int32s, their places among known ones, up to one that is not known or not
 * complete.
 *
 * @param known of each text its length and UTF-8, 128 bytes apart
 */
export function texts(cursor: Cursor, tag: i32, known: usize, count: i32): void {
  let at = cursor.at;
  let to = cursor.to;
  while (at + 1 < cursor.end && <i32>load<u8>(at) == tag) {
    const length: usize = load<u8>(at, 1);
    if (length > 127 || at + 2 + length > cursor.end) break;
    let place = count - 1;
    for (; place >= 0; place--) {
      const text = known + (<usize>place << SLOT_BITS);
      if (load<u8>(text) != <u8>length) continue;
      // From the end, where modes of nodes differ.
      let i = length;
      while (i > 0 && load<u8>(text + i) == load<u8>(at + 1 + i)) i--;
      if (i == 0) break;
    }
    if (place < 0) break;
    store<i32>(to, place);
    to += 4;
    at += 2 + length;
  }
  cursor.at = at;
  cursor.to = to;
}

/** Gives each place of a text the number of that text, as a byte. */
export function bytesOf(places: usize, count: i32, numberOf: usize, to: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) store<u8>(to + i, load<u8>(numberOf + <usize>load<i32>(places + (i << 2))));
}

/** Whether all int32s are the same. */
export function areAlike(numbers: usize, count: i32): bool {
  const first = load<i32>(numbers);
  for (const end = numbers + (<usize>count << 2); numbers < end; numbers += 4) if (load<i32>(numbers) != first) return false;
  return true;
}
