import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { type CsvDialect, CsvDialectError, MAX_HEADER_BYTES, sniffCsv } from '#schema';
import { InputError } from '#kit';

/** The dialect of a CSV file, and the names in its header. */
export interface CsvHead {
  readonly dialect: CsvDialect;
  readonly header: readonly string[];
  readonly isHeaderOfLines: boolean;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function dialectOf(path: string, bytes: Buffer): CsvDialect {
  try {
    return sniffCsv(bytes);
  } catch (error) {
    if (error instanceof CsvDialectError) throw new InputError(`${path} cannot be read: ${error.message}.`);
    throw error;
  }
}

/**
 * Reads the first lines of a CSV file.
 *
 * @throws InputError where they are ambiguous
 */
export async function readCsvHead(path: string): Promise<CsvHead> {
  const bytes = await firstBytes(path);
  const dialect = dialectOf(path, bytes);
  const { encoding, delimiter, skipLines } = dialect;
  const text = new TextDecoder(encoding).decode(bytes);
  if (bytes.length === MAX_HEADER_BYTES && !/[\r\n]/.test(text)) {
    throw new InputError(`${path} is not a CSV file with a header: its first line is longer than 1 MiB.`);
  }
  const lines = { from_line: 1 + skipLines, to: 1, record_delimiter: ['\r\n', '\n', '\r'] };
  let names: string[] | undefined;
  try {
    [names] = parse(text, { delimiter, relax_column_count: true, ...lines });
  } catch {
    throw new InputError(
      `${path}: the header is not valid CSV: ${JSON.stringify(text.split(/[\r\n]/, 1)[0].slice(0, 100))}.`,
    );
  }
  if (names.length === 1 && names[0].trim() === '')
    throw new InputError(`${path} has an empty first line; a header is expected there.`);
  const isHeaderOfLines = names.some((name) => /[\r\n]/.test(name));
  return { dialect, header: names.map((name) => name.trim()), isHeaderOfLines };
}
