import { parse } from 'csv-parse/sync';
import { CsvDialectError } from './csv-dialect.error.js';

/** The dialect of a CSV text. Lines may end in LF, CRLF or CR, and the text may start with a byte order mark. */
export interface CsvDialect {
  /** An encoding label of `TextDecoder`. */
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly delimiter: string;
  /** The decimal separator; with a comma, numbers contain no point. */
  readonly decimal: '.' | ',';
  /** Lines before the header: 1 where the first is Excel's `sep=;`. */
  readonly skipLines: 0 | 1;
}

/** Enough for 10,000 columns with names of 100 characters. */
export const MAX_HEADER_BYTES = 1_048_576;
/** Enough lines to detect the delimiter and the decimal separator. */
const SAMPLE_CHARACTERS = 65_536;
const DELIMITERS = [',', ';', '\t', '|'];
const LINE_ENDS = ['\r\n', '\n', '\r'];
const SEPARATOR_LINE = /^sep=([^\r\n"])(?:\r\n|\n|\r)/i;
const WITH_COMMA = /^[+-]?\d+,\d+(?:e[+-]?\d+)?$/i;
const WITH_POINT = /^[+-]?\d*\.\d+(?:e[+-]?\d+)?$/i;

/** Magic numbers, in hexadecimal, of binary files that are often mistaken for CSV. */
const BINARY = [
  { magic: '1f8b', message: 'it is compressed by gzip; unpack it first' },
  { magic: '28b52ffd', message: 'it is compressed by zstd; unpack it first' },
  { magic: '425a68', message: 'it is compressed by bzip2; unpack it first' },
  { magic: 'fd377a585a', message: 'it is compressed by xz; unpack it first' },
  { magic: '504b0304', message: 'it is a ZIP file, as workbooks of Excel are; save the table as CSV' },
  { magic: 'd0cf11e0', message: 'it is a workbook of an old Excel version; save the table as CSV' },
  { magic: '4152524f5731', message: 'it is an Arrow file (Feather); write the table as CSV or Parquet' },
  { magic: '53514c6974', message: 'it is an SQLite database; export a table as CSV' },
  { magic: '80', message: 'it is a Python pickle, which is never opened; write the table as CSV or Parquet' },
];

/** First characters of texts that are often mistaken for CSV. */
const OTHER_TEXTS = [
  {
    start: /^\s*\{\s*"/,
    message:
      'it is JSON lines, not CSV; convert it, for example with pandas.read_json(path, lines=True).to_csv(path, index=False)',
  },
  {
    start: /^\s*\[\s*[{[]/,
    message: 'it is JSON, not CSV; convert it, for example with pandas.read_json(path).to_csv(path, index=False)',
  },
  { start: /^\s*<(!doctype|html|\?xml|table)\b/i, message: 'it is an HTML or XML document; save its table as CSV' },
];

/** Detects the encoding by the byte order mark, or by the zero bytes that ASCII letters have in UTF-16. */
function encodingOf(head: Uint8Array): CsvDialect['encoding'] {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/** @throws CsvDialectError where the first line is not valid text; later lines are checked by their reader */
function decode(head: Uint8Array, encoding: CsvDialect['encoding']): string {
  const end = encoding === 'utf-8' ? head.findIndex((byte) => byte === 10 || byte === 13) : -1;
  try {
    // `stream` accepts a truncated character at the end.
    const line = new TextDecoder(encoding, { fatal: true }).decode(end < 0 ? head : head.subarray(0, end), {
      stream: true,
    });
    if (!line.includes('\0')) return end < 0 ? line : new TextDecoder().decode(head);
  } catch {
    // Reported below, like a zero byte.
  }
  const start = Buffer.from(head.subarray(0, 6)).toString('hex');
  const binary = BINARY.find(({ magic }) => start.startsWith(magic));
  if (binary) throw new CsvDialectError(binary.message);
  throw new CsvDialectError('its first line holds bytes that are not UTF-8 or UTF-16 text; save the file as UTF-8');
}

/** The delimiters in the first line, outside of quotes. */
function delimitersIn(text: string): string[] {
  const found = new Set<string>();
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '\n' || character === '\r') break;
    else if (DELIMITERS.includes(character)) found.add(character);
  }
  return [...found];
}

/** The first records; none where the quoting is invalid. */
function records(text: string, delimiter: string): string[][] {
  const options = { delimiter, record_delimiter: LINE_ENDS, relax_column_count: true, skip_empty_lines: true };
  // The last line of a longer text may be truncated.
  const end = text.length > SAMPLE_CHARACTERS ? text.lastIndexOf('\n', SAMPLE_CHARACTERS) : text.length;
  try {
    return parse(text.slice(0, end < 0 ? text.length : end), options);
  } catch {
    return [];
  }
}

const named = (delimiter: string): string => (delimiter === '\t' ? 'tabs' : `"${delimiter}"`);

/** Of several delimiters in the header, the one that gives all lines the same number of cells. */
function delimiterOf(text: string): string {
  const found = delimitersIn(text);
  if (found.length < 2) return found[0] ?? ',';
  const fitting = found.filter((delimiter) => {
    const [header, ...rows] = records(text, delimiter);
    return rows.length > 0 && rows.every(({ length }) => length === header.length);
  });
  if (fitting.length === 1) return fitting[0];
  if (fitting.length === 0) return found.includes(',') ? ',' : found[0];
  throw new CsvDialectError(
    `its first lines can be read with ${fitting.map(named).join(' and with ')} as the delimiter; ` +
      `quote the names in the header, or put a line with the delimiter before it, such as sep=${fitting[0]}`,
  );
}

function decimalOf(text: string, delimiter: string): CsvDialect['decimal'] {
  // With a comma as delimiter, a decimal comma would have to be quoted, and "1,234" may as well have a thousands separator.
  if (delimiter === ',') return '.';
  const cells = records(text, delimiter)
    .slice(1)
    .flat()
    .map((cell) => cell.trim());
  const comma = cells.find((cell) => WITH_COMMA.test(cell));
  if (comma === undefined) return '.';
  const point = cells.find((cell) => WITH_POINT.test(cell));
  if (point === undefined) return ',';
  throw new CsvDialectError(
    `its numbers are written with a comma (${comma.slice(0, 20)}) and with a point (${point.slice(0, 20)}); write all of them the same way`,
  );
}

/**
 * Detects the dialect of a CSV text from its first bytes. Of the common case, UTF-8 with commas, only the header is
 * examined.
 *
 * @param head the first bytes, up to {@link MAX_HEADER_BYTES}, or all of a shorter text
 * @throws CsvDialectError where the first lines are ambiguous
 */
export function sniffCsv(head: Uint8Array): CsvDialect {
  const encoding = encodingOf(head);
  const text = decode(head, encoding);
  const other = OTHER_TEXTS.find(({ start }) => start.test(text));
  if (other) throw new CsvDialectError(other.message);
  const separator = SEPARATOR_LINE.exec(text.slice(0, 8));
  const rest = separator ? text.slice(separator[0].length) : text;
  const delimiter = separator ? separator[1] : delimiterOf(rest);
  return { encoding, delimiter, decimal: decimalOf(rest, delimiter), skipLines: separator ? 1 : 0 };
}
