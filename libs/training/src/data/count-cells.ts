import { type ColumnCells, numberCells } from '#bundle';
import { type DuckDBConnection, type LoadedColumn, readColumns } from '#tables';

/** Cells per query, 8 bytes each: every query scans all columns to skip rows with missing values. */
const CELLS = 8_388_608;

/**
 * Counts the rows that a server would accept, before duplicates and outliers are dropped and before the split: live
 * rows are not cleaned either. For numeric columns only: see `countTexts`.
 *
 * @param rows an upper bound of the number of rows
 */
export async function countCells(
  connection: DuckDBConnection,
  columns: readonly LoadedColumn[],
  rows: number,
): Promise<Record<string, ColumnCells>> {
  const cells: Record<string, ColumnCells> = {};
  const numbers = columns.filter(({ type }) => type !== 'category' && type !== 'text');
  const width = Math.max(1, Math.floor(CELLS / rows));
  for (let first = 0; first < numbers.length; first += width) {
    const some = numbers.slice(first, first + width);
    const values = await readColumns(connection, `SELECT ${some.map(({ value }) => value).join(', ')} FROM present`);
    some.forEach(({ name }, i) => (cells[name] = numberCells(values[i])));
  }
  return cells;
}
