import { DataType, type Float, type Int, makeData, makeVector, Precision } from 'apache-arrow';
import { isUtf8 } from 'node:buffer';
import type { CellValue, ColumnReader } from '#schema';
import type { ArrowType } from './column-type.js';
import { malformed } from './malformed.js';

/**
 * Some values of a column. Its buffers lie within the body and are long enough for the rows; where offsets point to is
 * not checked yet.
 */
export interface ArrowPart {
  readonly rows: number;
  /** A bit for each row, 0 for null; absent: no nulls. */
  readonly validity: Uint8Array | undefined;
  /** Values; for texts, offsets and bytes; for views, the views and their data buffers. */
  readonly buffers: readonly Uint8Array[];
}

const MICROSECONDS_OF_YEARS = [-62_167_219_200_000_000, 253_402_300_799_999_999] as const;

const isNull = ({ validity }: ArrowPart, row: number): boolean =>
  validity !== undefined && ((validity[row >> 3] >> (row & 7)) & 1) === 0;

const viewOf = <T>(
  make: new (buffer: ArrayBufferLike, offset: number, length: number) => T,
  bytes: Uint8Array,
  length: number,
): T => new make(bytes.buffer, bytes.byteOffset, length);

/** Numbers: a typed array if there are no nulls, otherwise an array with nulls. */
export function decodeNumbers(type: Int | Float, parts: readonly ArrowPart[]): ArrayLike<number | null> {
  const vector = makeVector(
    parts.map(({ rows, validity, buffers: [data] }) =>
      makeData({ type: type as Float, length: rows, data, nullBitmap: validity }),
    ),
  );
  const isHalf = DataType.isFloat(type) && type.precision === Precision.HALF;
  if (vector.nullCount === 0 && !isHalf) {
    const values = vector.toArray() as unknown as Float64Array | BigInt64Array;
    return values instanceof BigInt64Array || values instanceof BigUint64Array
      ? Float64Array.from(values, Number)
      : values;
  }
  return Array.from({ length: vector.length }, (_, row) => {
    const value = vector.get(row) as number | bigint | null;
    return typeof value === 'bigint' ? Number(value) : value;
  });
}

/** @throws Problem `bad-request` if offsets decrease, point beyond the bytes, or delimit invalid UTF-8 */
function decodeTexts(part: ArrowPart, isLarge: boolean, name: string): (string | null)[] {
  const [offsets, content] = part.buffers;
  const places = isLarge
    ? Float64Array.from(viewOf(BigInt64Array, offsets, part.rows + 1), Number)
    : viewOf(Int32Array, offsets, part.rows + 1);
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  let from = places[0];
  return Array.from({ length: part.rows }, (_, row) => {
    const to = places[row + 1];
    if (!(from >= 0 && from <= to && to <= bytes.length))
      throw malformed(`the texts of the column "${name}" are cut short`);
    const text = bytes.subarray(from, to);
    from = to;
    if (isNull(part, row)) return null;
    if (!isUtf8(text)) throw malformed(`the column "${name}" holds a text that is not UTF-8`);
    return text.toString();
  });
}

const VIEW_BYTES = 16;
/** A text of up to this many bytes is inlined in its view. */
const INLINE_BYTES = 12;

/**
 * Texts from views of 16 bytes: the length, and the text itself or its location. Several rows may share one location;
 * other overlaps are refused, because they could expand few bytes into many.
 *
 * @throws Problem `bad-request` if a view points beyond the bytes or at invalid UTF-8, or views overlap
 */
function decodeViews(part: ArrowPart, name: string): (string | null)[] {
  const [views, ...contents] = part.buffers;
  const places = new DataView(views.buffer, views.byteOffset, views.length);
  const known = new Map<string, string>();
  let left = contents.reduce((sum, { length }) => sum + length, 0);
  const textOf = (bytes: Uint8Array | undefined, from: number, length: number): string => {
    if (!(bytes && from >= 0 && from + length <= bytes.length))
      throw malformed(`the texts of the column "${name}" are cut short`);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, length);
    if (!isUtf8(text)) throw malformed(`the column "${name}" holds a text that is not UTF-8`);
    return text.toString();
  };
  return Array.from({ length: part.rows }, (_, row) => {
    if (isNull(part, row)) return null;
    const at = row * VIEW_BYTES;
    const length = places.getInt32(at, true);
    if (length < 0) throw malformed(`the texts of the column "${name}" are cut short`);
    if (length <= INLINE_BYTES) return textOf(views, at + 4, length);
    const [buffer, from] = [places.getInt32(at + 8, true), places.getInt32(at + 12, true)];
    const place = `${buffer} ${from} ${length}`;
    let text = known.get(place);
    if (text === undefined) {
      left -= length;
      if (left < 0) throw malformed(`the texts of the column "${name}" overlap`);
      known.set(place, (text = textOf(contents[buffer], from, length)));
    }
    return text;
  });
}

/** Times in the format of the column; a number outside the years 0 to 9999 stays a number. */
function decodeTimes(
  part: ArrowPart,
  type: Extract<ArrowType, { kind: 'time' }>,
  { ofMoment }: ColumnReader,
): CellValue[] {
  const values = type.isLong
    ? viewOf(BigInt64Array, part.buffers[0], part.rows)
    : viewOf(Int32Array, part.buffers[0], part.rows);
  return Array.from({ length: part.rows }, (_, row) => {
    if (isNull(part, row)) return null;
    const count = values[row];
    // float64 cannot represent nanoseconds exactly.
    const microseconds =
      type.microseconds < 1
        ? Number((count as bigint) / 1_000n) - Number((count as bigint) % 1_000n < 0n)
        : Number(count) * type.microseconds;
    const [first, last] = MICROSECONDS_OF_YEARS;
    if (!(microseconds >= first && microseconds <= last)) return microseconds;
    return ofMoment!(microseconds, type.isNaive);
  });
}

function decodeFlags(part: ArrowPart): (boolean | null)[] {
  const [bits] = part.buffers;
  return Array.from({ length: part.rows }, (_, row) =>
    isNull(part, row) ? null : ((bits[row >> 3] >> (row & 7)) & 1) === 1,
  );
}

/**
 * The values of a column, with null for missing ones.
 *
 * @param reader of the column, which determines the format of times
 * @param name for errors
 */
export function decodeParts(
  type: ArrowType,
  parts: readonly ArrowPart[],
  reader: ColumnReader | undefined,
  name: string,
): ArrayLike<unknown> {
  switch (type.kind) {
    case 'number':
      return decodeNumbers(type.type, parts);
    case 'flag':
      return parts.flatMap(decodeFlags);
    case 'text':
      return parts.flatMap((part) => decodeTexts(part, type.isLarge, name));
    case 'view':
      return parts.flatMap((part) => decodeViews(part, name));
    case 'time':
      return parts.flatMap((part) => decodeTimes(part, type, reader!));
  }
}

/** The minimum size in bytes of each buffer after the validity bitmap, for a number of rows. */
export function bytesOf(type: ArrowType, rows: number): readonly number[] {
  switch (type.kind) {
    case 'number':
      return [rows * type.type.ArrayType.BYTES_PER_ELEMENT];
    case 'flag':
      return [Math.ceil(rows / 8)];
    case 'text':
      // A column of no rows may come without offsets.
      return [rows === 0 ? 0 : (rows + 1) * (type.isLarge ? 8 : 4), 0];
    case 'view':
      return [rows * VIEW_BYTES];
    case 'time':
      return [rows * (type.isLong ? 8 : 4)];
  }
}
