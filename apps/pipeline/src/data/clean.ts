import type { PipelineConfig } from '#config';
import type { PipelineRecipe } from '#features';
import { InputError } from '../input.error.js';
import { sqlNumber } from '../validate/sql-number.js';
import { openDataSource } from '../validate/source/data-source.js';
import type { Database } from '../validate/source/database.js';
import { loadTable } from '../validate/source/load-table.js';
import type { LoadedColumn, LoadedTable } from '../validate/source/loaded-table.js';

/** How many rows came, why some went, and how many are left. */
export interface CleaningCounts {
  readonly raw: number;
  /** Lines that are no rows, where validation tolerates them, among them. */
  readonly missing: number;
  readonly duplicates: number;
  /** By the first column that is out of bounds. */
  readonly outliers: number;
  readonly kept: number;
}

/** What is left after each step of the cleaning. */
const TABLES = ['data', 'present', 'distinct_rows', 'clean'] as const;

async function outlierCondition(database: Database, columns: readonly LoadedColumn[], ranges: number): Promise<string> {
  const outside: string[] = [];
  // One column at a time: DuckDB holds all values of a column for its quantiles, whatever the memory limit.
  for (const { value } of ranges === 0 ? [] : columns) {
    const quartiles = `SELECT unnest(quantile_cont(${value}, [0.25, 0.75])) AS quartile FROM distinct_rows WHERE isfinite(${value})`;
    const [low, high] = (await database.query<{ quartile: number }>(quartiles)).map(({ quartile }) => quartile);
    if (low === undefined) continue; // without a value there is no outlier
    const reach = ranges * (high - low);
    outside.push(`${value} NOT BETWEEN ${sqlNumber(low - reach)} AND ${sqlNumber(high + reach)}`);
  }
  return outside.join(' OR ') || 'false';
}

/** Training cannot go on where a value is needed; in a nullable column NaN is no value, as null is. */
const unusable = ({ value, nullable }: LoadedColumn): string =>
  nullable ? `coalesce(isinf(${value}), false)` : `NOT coalesce(isfinite(${value}), false)`;

/** @throws InputError on a column that is not there, and on more that cannot be read than validation tolerates */
async function checkLoaded(
  database: Database,
  path: string,
  { header, columns, target, rows, malformed }: LoadedTable,
  { inputs }: PipelineRecipe,
  { malformedRows, types }: PipelineConfig['validation'],
): Promise<void> {
  const absent = [...inputs.map(({ name }) => name), target].find((name) => !header.includes(name));
  if (absent !== undefined)
    throw new InputError(`${path} has no column "${absent}". "validate" tells all that is wrong with it.`);
  if (malformedRows.severity === 'error' && malformed.count / (rows + malformed.count) > malformedRows.maxShare)
    throw new InputError(`${path} cannot be read: ${malformed.count} lines are no rows. "validate" tells which.`);
  const counts = columns.map(({ raw }) => `count(${raw}) AS ${raw}`).join(', ');
  const texts = await database.one<Record<string, number>>(`SELECT ${counts} FROM data`);
  const wrong = columns.find(({ raw }) => types.severity === 'error' && texts[raw] / rows > types.maxShare);
  if (wrong)
    throw new InputError(
      `${path} cannot be read: "${wrong.name}" is no number in ${texts[wrong.raw]} of ${rows} rows. "validate" tells which.`,
    );
}

/** @throws InputError naming the first column that lacks a value where one is needed */
async function checkGaps(database: Database, path: string, columns: readonly LoadedColumn[]): Promise<void> {
  for (const column of columns) {
    const count = `SELECT count(*) FILTER (WHERE ${unusable(column)}) AS gaps, count(*) - count(${column.value}) AS empty, count(*) AS rows FROM clean`;
    const { gaps, empty, rows } = await database.one<Record<'gaps' | 'empty' | 'rows', number>>(count);
    if (gaps === 0 && rows > 0 && empty === rows)
      throw new InputError(`${path}: "${column.name}" has no value in any clean row: leave it out of the recipe.`);
    if (gaps === 0) continue;
    throw new InputError(
      `${path}: "${column.name}" has no finite number in ${gaps} rows. Set data.dropMissing to true, or make it nullable in the recipe and add an impute step.`,
    );
  }
}

/** Labels are texts as they are read; whole numbers where all of them are such, and JSON holds them exactly. */
async function typeLabels(database: Database): Promise<void> {
  const { whole } = await database.one<{ whole: boolean }>(
    String.raw`SELECT bool_and(regexp_full_match(target, '0|-?[1-9]\d{0,14}')) AS whole FROM clean`,
  );
  if (whole) await database.query('ALTER TABLE clean ALTER target TYPE BIGINT');
}

/**
 * Loads raw data, as `validate` reads it, into the table `clean`: `row` (of the file, from 0), the raw columns of the
 * recipe as DOUBLE, and `target`, a whole number where all labels are. Rows with missing values, repeated rows and
 * outliers are left out as configured; integers are never outliers.
 *
 * @returns counts, and the names of the raw columns in SQL
 * @throws InputError when the file cannot be read or lacks a column
 */
export async function loadClean(
  database: Database,
  { data, validation }: Pick<PipelineConfig, 'data' | 'validation'>,
  recipe: PipelineRecipe,
): Promise<{ readonly counts: CleaningCounts; readonly columns: readonly string[] }> {
  const { path, target, dropMissing, dropDuplicates, outlierRanges } = data;
  const table = await loadTable(database, await openDataSource(path), recipe.inputs, target);
  await checkLoaded(database, path, table, recipe, validation);
  const { columns, malformed } = table;
  const names = columns.map(({ value }) => value);
  const all = [...names, 'target'].join(', ');
  const missing = ['target IS NULL', ...(dropMissing ? columns.map(unusable) : [])].join(' OR ');
  const values = names.map((name) => `nullif(${name}, 'NaN'::DOUBLE) AS ${name}`).join(', ');
  await database.query(
    `CREATE TABLE present AS SELECT rowid AS row, ${values}, target FROM data WHERE NOT (${missing})`,
  );
  const first = dropDuplicates ? `QUALIFY row_number() OVER (PARTITION BY ${all} ORDER BY row) = 1` : '';
  await database.query(`CREATE TABLE distinct_rows AS SELECT * FROM present ${first}`);
  const floats = columns.filter(({ type }) => type === 'float');
  const outlying = await outlierCondition(database, floats, outlierRanges);
  await database.query(`CREATE TABLE clean AS SELECT * FROM distinct_rows WHERE NOT coalesce(${outlying}, false)`);
  await checkGaps(database, path, columns);
  await typeLabels(database);
  const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ');
  const size = await database.one<Record<(typeof TABLES)[number], number>>(`SELECT ${counts}`);
  const raw = size.data + malformed.count;
  return {
    counts: {
      raw,
      missing: raw - size.present,
      duplicates: size.present - size.distinct_rows,
      outliers: size.distinct_rows - size.clean,
      kept: size.clean,
    },
    columns: names,
  };
}
