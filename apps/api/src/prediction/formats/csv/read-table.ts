import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import {
  type CellValue,
  csvFault,
  type ColumnReader,
  type CsvDialect,
  CsvDialectError,
  kindOf,
  MAX_HEADER_BYTES,
  type RawColumn,
  sniffCsv,
} from '#schema';
import type { Bytes } from '../../../http/json/read-json.js';
import { Problem } from '../../../problem/problem.js';
import { yieldBetween } from '../../yield-between.js';
import { EXTERNAL_ID } from '../../external-id.js';
import type { InputContract } from '../../input-contract.js';

/** Parsed and checked within a few milliseconds: a cell costs several times as much as in JSON. */
const SLICE_BYTES = 16 * 1_024;
/** The part of the text from which the dialect is detected. */
const HEAD_BYTES = 64 * 1_024;
/** A longer line, or cell with line breaks, would occupy the parser for seconds. */
const MAX_LINE_BYTES = 1_024 * 1_024;
const MAX_COLUMNS = 10_000;
const OPTIONS = {
  bom: true,
  skip_empty_lines: true,
  max_record_size: MAX_LINE_BYTES,
  record_delimiter: ['\r\n', '\n', '\r'],
};
/** A column that is unknown to the model. */
const OTHER: RawColumn = { name: '', type: 'float', nullable: true };
/** From this value on, a byte starts a UTF-8 character of several bytes. */
const FIRST_OF_SEVERAL = 0xc0;
const CONTINUATION = 0x80;

/**
 * Called with the names of the columns, and then for each row with its values, which are valid until the next call.
 * @returns whether to continue
 */
export type TakeRow = (names: readonly string[], row?: readonly CellValue[]) => boolean;

export const malformedCsv = (what: string): Problem =>
  new Problem('bad-request', `The body is not CSV with a header: ${what}.`);

/** The number of bytes at the end of a slice that belong to a character continued in the next slice. */
function cutBytes(slice: Buffer): number {
  for (let bytes = 1; bytes <= Math.min(3, slice.length); bytes++) {
    const byte = slice[slice.length - bytes];
    if (byte >= FIRST_OF_SEVERAL) return bytes < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes : 0;
    if (byte < CONTINUATION) return 0;
  }
  return 0;
}

/** The text in slices of UTF-8. */
function* texts(body: Bytes, encoding: CsvDialect['encoding']): Generator<Buffer> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding, { fatal: true });
  for (let start = 0; start < body.length;) {
    const slice = body.slice(start, start + SLICE_BYTES);
    const isLast = start + slice.length >= body.length;
    if (decoder) {
      start += slice.length;
      yield decoded(decoder, slice, isLast);
    } else {
      const whole = isLast ? slice : slice.subarray(0, slice.length - cutBytes(slice));
      if (!isUtf8(whole)) throw malformedCsv('it is not UTF-8; save it as UTF-8');
      start += whole.length;
      yield whole;
    }
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, slice: Buffer, isLast: boolean): Buffer {
  try {
    return Buffer.from(decoder.decode(slice, { stream: !isLast }));
  } catch {
    throw malformedCsv(`it starts as ${decoder.encoding}, but not all of it is; save it as UTF-8`);
  }
}

function* slices(body: Bytes, encoding: CsvDialect['encoding']): Generator<Buffer> {
  let lineBytes = 0;
  for (const slice of texts(body, encoding)) {
    const lineEnd = Math.max(slice.lastIndexOf('\n'), slice.lastIndexOf('\r'));
    if (lineEnd < 0 && lineBytes > MAX_LINE_BYTES) throw malformedCsv(`a line is longer than ${MAX_LINE_BYTES} bytes`);
    lineBytes = lineEnd < 0 ? lineBytes + slice.length : slice.length - lineEnd;
    yield slice;
  }
}

function dialectOf(body: Bytes): CsvDialect {
  const head = body.slice(0, HEAD_BYTES);
  try {
    const isWhole = head.length === body.length || head.includes('\n') || head.includes('\r');
    return sniffCsv(isWhole ? head : body.slice(0, MAX_HEADER_BYTES));
  } catch (error) {
    if (error instanceof CsvDialectError) throw malformedCsv(error.message);
    throw error;
  }
}

/** The caller's id of a row is always read as text. */
const AS_TEXT: Pick<ColumnReader, 'toJson'> = { toJson: (text) => text.trim() };

/**
 * Reads a CSV text (RFC 4180) with a header, and yields to the event loop if it is large. The dialect is detected from
 * the first lines; all line endings are accepted. A first column without a name, the index that pandas writes, is
 * ignored.
 *
 * @param contract of the model; a column that it does not have is read as numbers
 * @throws Problem `bad-request` naming the line
 */
export async function readTable(
  body: Bytes,
  { inputs, readers, missing }: Pick<InputContract, 'inputs' | 'readers' | 'missing'>,
  take: TakeRow,
): Promise<void> {
  const { encoding, delimiter, decimal, skipLines } = dialectOf(body);
  const known = new Map(inputs.map(({ name }, c) => [name, readers[c]]));
  const other = kindOf(OTHER).reader(OTHER, { missing });
  const parser = parse({ ...OPTIONS, delimiter, from_line: skipLines + 1 });
  const records = pipeline(Readable.from(yieldBetween(slices(body, encoding))), parser, () => undefined);
  let names: string[] | undefined;
  let cellReaders: Pick<ColumnReader, 'toJson'>[] = [];
  let row: CellValue[] = [];
  let first = 0;
  try {
    for await (const cells of records as AsyncIterable<string[]>) {
      if (names) {
        for (let c = 0; c < row.length; c++) row[c] = cellReaders[c].toJson(cells[c + first], decimal);
        if (!take(names, row)) return;
      } else {
        first = cells.length > 1 && cells[0].trim() === '' ? 1 : 0;
        names = cells.slice(first).map((cell) => cell.trim());
        if (names.length > MAX_COLUMNS) throw malformedCsv(`it has more than ${MAX_COLUMNS} columns`);
        cellReaders = names.map((name) => known.get(name) ?? (name === EXTERNAL_ID ? AS_TEXT : other));
        row = names.map(() => null);
        if (!take(names)) return;
      }
    }
  } catch (error) {
    if (error instanceof Problem || typeof (error as CsvError).code !== 'string') throw error;
    throw malformedCsv(csvFault(error));
  }
}
