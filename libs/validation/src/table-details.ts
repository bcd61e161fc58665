import { type CellValue, kindOf, type RawColumn } from '#schema';
import type { Database, LoadedColumn, LoadedTable } from '#tables';

/** The commonest values of a column whose values are no numbers. */
export interface ColumnValues {
  readonly commonest: readonly { readonly value: CellValue; readonly rows: number }[];
  /** Values that are not among these, and their rows. */
  readonly others: { readonly values: number; readonly rows: number };
  /** Rows without a value. */
  readonly missing: number;
}

/** What only people look at of a table: the page has it, `validation.json` does not. */
export interface TableDetails {
  /** The columns that the file has, with their vocabularies. */
  readonly columns: readonly RawColumn[];
  /** Of categories, texts and truth values, by name. */
  readonly values: ReadonlyMap<string, ColumnValues>;
  /** Columns that lack a value in the same rows, the commonest first. */
  readonly missing: readonly { readonly columns: readonly string[]; readonly rows: number }[];
}

const MOST_VALUES = 15;
const MOST_PATTERNS = 10;
/** Of more columns a pattern says nothing that people could read. */
const MOST_COLUMNS = 200;
const LISTED: readonly RawColumn['type'][] = ['category', 'text', 'boolean'];

async function valuesOf(database: Database, column: LoadedColumn): Promise<ColumnValues> {
  const { value, raw } = column;
  const found = await database.query<{ code: number; rows: number }>(
    `SELECT ${value} AS code, count(*) AS rows FROM data WHERE ${value} IS NOT NULL GROUP BY ${value} ORDER BY rows DESC, code`,
  );
  const { missing } = await database.one<{ missing: number }>(
    `SELECT count(*) AS missing FROM data WHERE ${value} IS NULL AND ${raw} IS NULL`,
  );
  const { toValue } = kindOf(column).reader(column);
  const others = found.slice(MOST_VALUES);
  return {
    commonest: found.slice(0, MOST_VALUES).map(({ code, rows }) => ({ value: toValue(code), rows })),
    others: { values: others.length, rows: others.reduce((sum, { rows }) => sum + rows, 0) },
    missing,
  };
}

async function missingPatterns(database: Database, columns: readonly LoadedColumn[]): Promise<TableDetails['missing']> {
  const cells = columns
    .slice(0, MOST_COLUMNS)
    .map(({ value, raw }, i) => `CASE WHEN (${value} IS NULL OR isnan(${value})) AND ${raw} IS NULL THEN '${i}' END`);
  if (cells.length === 0) return [];
  const found = await database.query<{ pattern: string; rows: number }>(
    `SELECT concat_ws(' ', ${cells.join(', ')}) AS pattern, count(*) AS rows FROM data GROUP BY pattern HAVING pattern <> '' ORDER BY rows DESC, pattern LIMIT ${MOST_PATTERNS}`,
  );
  return found.map(({ pattern, rows }) => ({ columns: pattern.split(' ').map((i) => columns[Number(i)].name), rows }));
}

/** What a table's columns hold, for people. */
export async function tableDetails(database: Database, { columns }: LoadedTable): Promise<TableDetails> {
  const values = new Map<string, ColumnValues>();
  for (const column of columns)
    if (LISTED.includes(column.type)) values.set(column.name, await valuesOf(database, column));
  return { columns, values, missing: await missingPatterns(database, columns) };
}
