import { parse } from 'csv-parse/sync';
import { type CsvDialect, csvFault, MAX_HEADER_BYTES, missingTest, sniffCsv } from '#schema';
import { InputError, readBytes } from '#kit';

const isMissing = missingTest();

/** Non-numeric text becomes NaN here: it matters only if the schema has its column. */
function toNumber(cell: string, decimal: CsvDialect['decimal']): number | null {
  if (isMissing(cell)) return null;
  if (decimal === '.') return Number(cell);
  return cell.includes('.') ? NaN : Number(cell.replace(',', '.'));
}

/** Parses CSV text of any dialect, without the unnamed index column that pandas writes. */
function parseRows(bytes: Uint8Array): { rows: Record<string, string>[]; decimal: CsvDialect['decimal'] } {
  const { encoding, delimiter, decimal, skipLines } = sniffCsv(bytes.subarray(0, MAX_HEADER_BYTES));
  const rows = parse(new TextDecoder(encoding).decode(bytes), {
    columns: (names: string[]) => names.map((name) => name.trim()),
    delimiter,
    from_line: 1 + skipLines,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
  });
  return { rows: rows as Record<string, string>[], decimal };
}

/** Reads the training rows of a CSV with a header; `indices` selects some of its rows. */
export async function readTrainingRows(
  path: string,
  indices?: readonly number[],
): Promise<Record<string, number | null>[]> {
  const bytes = await readBytes(path);
  let parsed: ReturnType<typeof parseRows>;
  try {
    parsed = parseRows(bytes);
  } catch (error) {
    throw new InputError(`${path} is not a CSV file with a header: ${csvFault(error)}.`);
  }
  const { rows, decimal } = parsed;
  const selected = indices ? indices.map((i) => rows[i]) : rows;
  if (selected.includes(undefined as never))
    throw new InputError(`${path} has ${rows.length} rows, fewer than asked for.`);
  return selected.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, toNumber(cell, decimal)])),
  );
}
