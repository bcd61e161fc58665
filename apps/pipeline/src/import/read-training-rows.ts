import { parse } from 'csv-parse/sync';
import { InputError } from '../input.error.js';
import { readText } from './read-input.js';

/** Text that is no number is NaN here: it matters only if the schema asks for its column. */
const toNumber = (cell: string): number | null => (cell === '' ? null : Number(cell));

/** Reads the training rows of a CSV with a header; `indices` selects rows of a larger data set. */
export async function readTrainingRows(
  path: string,
  indices?: readonly number[],
): Promise<Record<string, number | null>[]> {
  const text = await readText(path);
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { columns: true, skip_empty_lines: true, bom: true });
  } catch (error) {
    throw new InputError(`${path} is not a CSV file with a header: ${(error as Error).message}`);
  }
  const selected = indices ? indices.map((i) => rows[i]) : rows;
  if (selected.includes(undefined as never))
    throw new InputError(`${path} has ${rows.length} rows, fewer than asked for.`);
  return selected.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, toNumber(cell)])));
}
