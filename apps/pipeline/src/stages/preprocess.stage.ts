import type { DuckDBConnection } from '@duckdb/node-api';
import type { PipelineConfig } from '#config';
import { FeaturePipeline, type PipelineRecipe } from '#features';
import { type CleaningCounts, loadClean } from '../data/clean.js';
import { identifier, literal, parquetTable, readColumns, readRows, withDuckDb } from '../data/duckdb.js';
import { placedTogether } from '../data/placed-together.js';
import { writeJson } from '../data/write-file.js';
import { writtenWhole } from '../data/written-whole.js';
import { readRecipe } from '../data/read-recipe.js';
import { InputError } from '../input.error.js';
import { type FileDigest, fileDigest } from '../lineage/file-digest.js';
import { Database } from '../validate/source/database.js';
import { preparedFiles } from './stage-files.js';

/** What preparing the data came to: `metadata.json`. */
export interface PreparedData {
  /** The raw data as they were read. */
  readonly source?: FileDigest;
  readonly rows: CleaningCounts & { readonly train: number; readonly test: number };
  /** Labels in the order of their class indices. */
  readonly classes: readonly (number | string)[];
  readonly class_counts: readonly number[];
  readonly seed: number;
  readonly test_share: number;
}

interface PreprocessOptions {
  readonly signal?: AbortSignal;
  /** Writes the parts as CSV with labels too, of the raw data's form. */
  readonly csv?: boolean;
}

/** A scan of a file needs no more. */
const READING_MEGABYTES = 200;

/**
 * Marks rows of each class for the test part, in the order of a digest of (seed, row): the same rows for a seed on
 * every machine, and the same share of every class. A class of two rows or more is in both parts, one of a single row
 * in the training part.
 */
async function split(connection: DuckDBConnection, seed: number, testShare: number): Promise<void> {
  await connection.run(
    `CREATE TABLE parts AS SELECT *, rank <= least(greatest(round(${testShare} * size), 1), size - 1) AS is_test FROM (
       SELECT *, count(*) OVER (PARTITION BY target) AS size,
         row_number() OVER (PARTITION BY target ORDER BY md5_number_lower(concat(${seed}, ':', row)), row) AS rank
       FROM clean)`,
  );
}

/** Writes both parts, in the order of their rows in the raw data. */
async function writeParts(
  connection: DuckDBConnection,
  columns: string,
  files: Readonly<Record<'train' | 'test', string>>,
  format: string,
): Promise<void> {
  for (const [path, condition] of [
    [files.train, 'NOT is_test'],
    [files.test, 'is_test'],
  ]) {
    const rows = `SELECT ${columns} FROM parts WHERE ${condition} ORDER BY row`;
    await writtenWhole(path, (file) => connection.run(`COPY (${rows}) TO ${literal(file)} (FORMAT ${format})`));
  }
}

/** @throws InputError where there is nothing to tell apart, or nothing for the test */
function checkClasses(
  { path, target }: PipelineConfig['data'],
  sizes: readonly number[],
  counts: CleaningCounts,
): void {
  const { raw, missing, duplicates, outliers, kept } = counts;
  if (sizes.length < 2) {
    throw new InputError(
      `${path}: "${target}" has ${sizes.length} class(es) in the ${kept} clean rows; two are needed. Of ${raw} rows ${missing} have missing values, ${duplicates} are repeated and ${outliers} are outliers.`,
    );
  }
  if (sizes.every((size) => size === 1)) {
    throw new InputError(`${path}: every class of "${target}" has one row; none is left for the test.`);
  }
}

/** Cleans and splits the raw data and writes the parts. */
async function prepareParts(
  connection: DuckDBConnection,
  config: PipelineConfig,
  recipe: PipelineRecipe,
  files: ReturnType<typeof preparedFiles>,
  { signal, csv }: PreprocessOptions,
): Promise<Omit<PreparedData, 'source'>> {
  const { data, training } = config;
  const { counts, columns } = await loadClean(new Database(connection, signal), config, recipe);
  const classes = await readRows<{ target: number | string; size: number }>(
    connection,
    'SELECT target, count(*) AS size FROM clean GROUP BY target ORDER BY target',
  );
  const sizes = classes.map(({ size }) => size);
  checkClasses(data, sizes, counts);
  await connection.run('CREATE TABLE classes AS SELECT list(DISTINCT target ORDER BY target) AS labels FROM clean');
  await split(connection, training.seed, training.testShare);
  const raw = columns.map((column, c) => `${column} AS ${identifier(recipe.inputs[c].name)}`).join(', ');
  const classIndex = 'list_position((SELECT labels FROM classes), target) - 1 AS class_index';
  await writeParts(connection, `${raw}, ${classIndex}`, files, 'parquet, COMPRESSION zstd');
  if (csv) {
    const label = `target AS ${identifier(data.target)}`;
    await writeParts(connection, `${raw}, ${label}`, { train: files.trainCsv, test: files.testCsv }, 'csv, HEADER');
  }
  const [size] = await readRows<{ train: number; test: number }>(
    connection,
    'SELECT count(*) FILTER (WHERE NOT is_test) AS train, count(*) FILTER (WHERE is_test) AS test FROM parts',
  );
  return {
    rows: { ...counts, ...size },
    classes: classes.map(({ target }) => target),
    class_counts: sizes,
    seed: training.seed,
    test_share: training.testShare,
  };
}

/**
 * Cleans the raw data, splits it by class, and only then fits the feature pipeline: on the training part alone. What it
 * writes replaces older files all at once.
 *
 * @throws InputError on data that cannot be read, or with fewer than two classes
 */
export async function preprocess(config: PipelineConfig, options: PreprocessOptions): Promise<PreparedData> {
  const { data } = config;
  const { signal } = options;
  const recipe = await readRecipe(data.recipe);
  const source = await fileDigest(data.path);
  return placedTogether(data.processed, Object.values(preparedFiles('')), async (unfinished) => {
    const files = preparedFiles(unfinished);
    const parts = await withDuckDb({ signal }, (connection) =>
      prepareParts(connection, config, recipe, files, options),
    );
    const prepared = { source, ...parts };
    // In a database of its own: what cleaning needed is given back first.
    const columns = await withDuckDb({ signal, memoryMegabytes: READING_MEGABYTES }, (connection) =>
      readColumns(connection, `SELECT * FROM ${parquetTable(files.train)}`),
    );
    await writeJson(files.pipeline, new FeaturePipeline().fit(recipe, columns.slice(0, -1)));
    await writeJson(files.metadata, prepared);
    signal?.throwIfAborted();
    return prepared;
  });
}
