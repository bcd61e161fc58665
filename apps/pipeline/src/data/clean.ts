import type { DuckDBConnection } from '@duckdb/node-api';
import type { PipelineConfig } from '#config';
import type { PipelineRecipe } from '#features';
import { InputError } from '../input.error.js';
import { openDataSource } from '../validate/source/data-source.js';
import { identifier, readRows, source } from './duckdb.js';

/** How many rows came, why some went, and how many are left. */
export interface CleaningCounts {
  readonly raw: number;
  readonly missing: number;
  readonly duplicates: number;
  /** By the first column that is out of bounds. */
  readonly outliers: number;
  readonly kept: number;
}

/** What is left after each step of the cleaning. */
const TABLES = ['raw', 'present', 'distinct_rows', 'clean'] as const;

async function outlierCondition(
  connection: DuckDBConnection,
  columns: readonly string[],
  ranges: number,
): Promise<string> {
  if (ranges === 0 || columns.length === 0) return 'false';
  const outside: string[] = [];
  // One column at a time: DuckDB holds all values of a column for its quantiles, whatever the memory limit.
  for (const name of columns) {
    const quartiles = `SELECT unnest(quantile_cont(${name}, [0.25, 0.75])) AS quartile FROM distinct_rows`;
    const [low, high] = (await readRows<{ quartile: number }>(connection, quartiles)).map(({ quartile }) => quartile);
    if (low === undefined) continue; // without a value there is no outlier
    const reach = ranges * (high - low);
    outside.push(`${name} NOT BETWEEN ${low - reach} AND ${high + reach}`);
  }
  return outside.join(' OR ');
}

/** @throws InputError on a file that holds no rows, and on one of CSV that lacks a column */
async function checkHeader(path: string, names: readonly string[]): Promise<void> {
  const found = await openDataSource(path);
  const missing = found.format === 'csv' && names.find((name) => !found.header.includes(name));
  if (missing) throw new InputError(`${path} has no column "${missing}". "validate" tells all that is wrong with it.`);
}

/**
 * Loads raw data into the table `clean`: `row` (of the file, from 0), the raw columns as DOUBLE, and `target`. Rows
 * with missing values, repeated rows and outliers are left out as configured; integers are never outliers.
 *
 * @throws InputError when the file cannot be read or lacks a column
 */
export async function loadClean(
  connection: DuckDBConnection,
  { path, target, dropMissing, dropDuplicates, outlierRanges }: PipelineConfig['data'],
  { inputs }: PipelineRecipe,
): Promise<CleaningCounts> {
  const columns = inputs.map(({ name }) => identifier(name));
  const label = identifier(target);
  const values = columns.map((name) => `${name}::DOUBLE AS ${name}`).join(', ');
  const required = inputs.filter(({ nullable }) => !nullable).map(({ name }) => identifier(name));
  const missing = dropMissing
    ? [...required, 'target'].map((name) => `${name} IS NULL`).join(' OR ')
    : 'target IS NULL';
  const all = [...columns, 'target'].join(', ');
  const first = dropDuplicates ? `QUALIFY row_number() OVER (PARTITION BY ${all} ORDER BY row) = 1` : '';
  await checkHeader(path, [...inputs.map(({ name }) => name), target]);
  try {
    await connection.run(
      `CREATE TABLE raw AS SELECT row_number() OVER () - 1 AS row, ${values}, ${label} AS target FROM ${source(path)}`,
    );
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new InputError(`${path} cannot be read: ${reason} ("validate" tells which rows are wrong.)`);
  }
  await connection.run(`CREATE TABLE present AS SELECT * FROM raw WHERE NOT (${missing})`);
  await connection.run(`CREATE TABLE distinct_rows AS SELECT * FROM present ${first}`);
  const floats = inputs.filter(({ type }) => type === 'float').map(({ name }) => identifier(name));
  const outlying = await outlierCondition(connection, floats, outlierRanges);
  await connection.run(`CREATE TABLE clean AS SELECT * FROM distinct_rows WHERE NOT coalesce(${outlying}, false)`);
  const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ');
  const [size] = await readRows<Record<(typeof TABLES)[number], number>>(connection, `SELECT ${counts}`);
  return {
    raw: size.raw,
    missing: size.raw - size.present,
    duplicates: size.present - size.distinct_rows,
    outliers: size.distinct_rows - size.clean,
    kept: size.clean,
  };
}
