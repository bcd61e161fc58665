import { type ColumnCells, numberCells } from '#bundle';
import { type DuckDBConnection, type LoadedColumn, readColumns } from '#tables';

/** Cells that are read at a time, 8 bytes each: each reading goes over all columns, to leave out rows that lack a value. */
const CELLS = 8_388_608;

/**
 * Counts the rows that a server would have taken, before repeated ones and outliers are left out and whatever part they come to:
 * live rows are not cleaned either. Columns of numbers only: see `countTexts`.
 *
 * @param rows at least as many as are counted
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
