import { kindOf } from '#schema';
import { type Database, type LoadedColumn, type LoadedTable, MAX_SAMPLES, type SampleRow } from '#tables';

type Cell = number | string | null;

/** JSON has neither NaN nor infinity. */
const printable = (cell: Cell): Cell => (typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell);

/** The cell as in the file: its text where it does not fit the column, else its value. */
function cellOf(cells: Readonly<Record<string, Cell>>, column: LoadedColumn): Cell {
  const [text, number] = [cells[column.raw], cells[column.value]];
  if (typeof text === 'string' || typeof number !== 'number' || kindOf(column).sqlFromText)
    return printable(text ?? number);
  const value = kindOf(column).reader(column).toValue(number);
  return typeof value === 'boolean' ? String(value) : value;
}

/** The first rows that meet a condition, with all columns, in file order. */
export async function sampleRows(database: Database, table: LoadedTable, condition: string): Promise<SampleRow[]> {
  const found = await database.query<Record<string, Cell> & { row: number }>(
    `SELECT rowid AS row, * FROM data WHERE ${condition} ORDER BY rowid LIMIT ${MAX_SAMPLES}`,
  );
  return found.map(({ row, target, ...cells }) => {
    const features = table.columns.map((column) => [column.name, cellOf(cells, column)] as const);
    const label = table.hasTarget ? [[table.target, target] as const] : [];
    return { row: row + 1, values: Object.fromEntries([...features, ...label]) };
  });
}

/** As {@link sampleRows}, for row numbers, in the given order. */
export async function sampleRowsAt(
  database: Database,
  table: LoadedTable,
  rows: readonly number[],
): Promise<SampleRow[]> {
  if (rows.length === 0) return [];
  const found = await sampleRows(database, table, `rowid IN (${rows.join(', ')})`);
  return rows.map((row) => found.find((sample) => sample.row === row + 1)!);
}
