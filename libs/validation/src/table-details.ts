import { type CellValue, kindOf, type RawColumn } from '#schema';
import type { Database, LoadedColumn, LoadedTable } from '#tables';
import { columnStats } from './column-stats.js';
import type { ColumnStats } from './reference-stats.js';

/** The most frequent values of a categorical column. */
export interface ColumnValues {
  readonly commonest: readonly { readonly value: CellValue; readonly rows: number }[];
  /** Number of the other values, and of their rows. */
  readonly others: { readonly values: number; readonly rows: number };
  /** Rows with a missing value. */
  readonly missing: number;
}

/** Details for people: shown on the page, absent from `validation.json`. */
export interface TableDetails {
  /** The file's columns, with their vocabularies. */
  readonly columns: readonly RawColumn[];
  /** Of categories, texts and booleans, by name. */
  readonly values: ReadonlyMap<string, ColumnValues>;
  /** Of a target of numbers with more than {@link MOST_LISTED_CLASSES} values: a measurement. */
  readonly target?: ColumnStats;
  /** Sets of columns that are missing in the same rows, the most frequent first. */
  readonly missing: readonly { readonly columns: readonly string[]; readonly rows: number }[];
}

/** Classes that are listed. */
export const MOST_LISTED_CLASSES = 20;
const MOST_VALUES = 15;
const MOST_PATTERNS = 10;
/** With more columns, missing patterns become unreadable. */
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

async function measuredTarget(database: Database, { hasTarget, rows }: LoadedTable): Promise<ColumnStats | undefined> {
  if (!hasTarget) return undefined;
  const value = 'TRY_CAST(target AS DOUBLE)';
  const { values, words } = await database.one<{ values: number; words: number }>(
    `SELECT count(DISTINCT target) AS values, count(*) FILTER (target IS NOT NULL AND ${value} IS NULL) AS words FROM data`,
  );
  return values > MOST_LISTED_CLASSES && words === 0 ? columnStats(database, { value }, rows) : undefined;
}

/** Summarises a table's columns for people. */
export async function tableDetails(database: Database, table: LoadedTable): Promise<TableDetails> {
  const { columns } = table;
  const values = new Map<string, ColumnValues>();
  for (const column of columns)
    if (LISTED.includes(column.type)) values.set(column.name, await valuesOf(database, column));
  const target = await measuredTarget(database, table);
  return { columns, values, ...(target && { target }), missing: await missingPatterns(database, columns) };
}
