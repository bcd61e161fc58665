import { type ColumnCells, numberCells } from '#bundle';
import { type DuckDBConnection, type LoadedColumn, readColumns } from '#tables';

/**
 * Counts the rows that a server would have taken, before repeated ones and outliers are left out and whatever part they come to:
 * live rows are not cleaned either. Columns of numbers only: see `countTexts`.
 */
export async function countCells(
  connection: DuckDBConnection,
  columns: readonly LoadedColumn[],
): Promise<Record<string, ColumnCells>> {
  const cells: Record<string, ColumnCells> = {};
  for (const { name, type, value } of columns) {
    if (type === 'category' || type === 'text') continue;
    const [values] = await readColumns(connection, `SELECT ${value} FROM present`);
    cells[name] = numberCells(values);
  }
  return cells;
}
