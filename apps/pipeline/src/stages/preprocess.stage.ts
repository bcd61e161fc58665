import { mkdir } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PipelineConfig } from '#config';
import { FeaturePipeline, type PipelineRecipe } from '#features';
import { type CleaningCounts, loadClean } from '../data/clean.js';
import { identifier, literal, readColumns, readRows, withDuckDb } from '../data/duckdb.js';
import { writeJson } from '../data/write-file.js';
import { writtenWhole } from '../data/written-whole.js';
import { readRecipe } from '../import/fitted-recipe.js';
import { InputError } from '../input.error.js';
import { type FileDigest, fileDigest } from '../lineage/file-digest.js';
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

/** A scan of a file needs no more. */
const READING_MEGABYTES = 200;

/**
 * Marks rows of each class for the test part, in the order of a digest of (seed, row): the same rows for a seed on
 * every machine, and the same share of every class.
 */
async function split(connection: DuckDBConnection, seed: number, testShare: number): Promise<void> {
  await connection.run(
    `CREATE TABLE parts AS SELECT *, rank <= round(${testShare} * size) AS is_test FROM (
       SELECT *, count(*) OVER (PARTITION BY target) AS size,
         row_number() OVER (PARTITION BY target ORDER BY md5_number_lower(concat(${seed}, ':', row)), row) AS rank
       FROM clean)`,
  );
}

/** Writes both parts, in the order of their rows in the raw data. */
async function writeParts(
  connection: DuckDBConnection,
  { inputs }: PipelineRecipe,
  label: string,
  files: Readonly<Record<'train' | 'test', string>>,
  format: string,
): Promise<void> {
  const columns = inputs.map(({ name }) => identifier(name)).join(', ');
  for (const [path, condition] of [
    [files.train, 'NOT is_test'],
    [files.test, 'is_test'],
  ]) {
    const rows = `SELECT ${columns}, ${label} FROM parts WHERE ${condition} ORDER BY row`;
    await writtenWhole(path, (file) => connection.run(`COPY (${rows}) TO ${literal(file)} (FORMAT ${format})`));
  }
}

/**
 * Cleans the raw data, splits it by class, and only then fits the feature pipeline: on the training part alone.
 *
 * @param options.csv writes the parts as CSV with labels too, of the raw data's form
 * @throws InputError on data that cannot be read, or with fewer than two classes
 */
export async function preprocess(
  { data, training }: PipelineConfig,
  { signal, csv = false }: { readonly signal?: AbortSignal; readonly csv?: boolean },
): Promise<PreparedData> {
  const recipe = await readRecipe(data.recipe);
  const source = await fileDigest(data.path);
  const files = preparedFiles(data.processed);
  await mkdir(data.processed, { recursive: true });
  const prepared = await withDuckDb({ signal }, async (connection): Promise<PreparedData> => {
    const counts = await loadClean(connection, data, recipe);
    const classes = await readRows<{ target: number | string; size: number }>(
      connection,
      'SELECT target, count(*) AS size FROM clean GROUP BY target ORDER BY target',
    );
    if (classes.length < 2) {
      throw new InputError(
        `${data.path}: "${data.target}" has ${classes.length} class(es) in the clean rows; two are needed.`,
      );
    }
    await connection.run('CREATE TABLE classes AS SELECT list(DISTINCT target ORDER BY target) AS labels FROM clean');
    await split(connection, training.seed, training.testShare);
    const classIndex = 'list_position((SELECT labels FROM classes), target) - 1 AS class_index';
    await writeParts(connection, recipe, classIndex, files, 'parquet, COMPRESSION zstd');
    if (csv) {
      const label = `target AS ${identifier(data.target)}`;
      await writeParts(connection, recipe, label, { train: files.trainCsv, test: files.testCsv }, 'csv, HEADER');
    }
    const [size] = await readRows<{ train: number; test: number }>(
      connection,
      `SELECT (SELECT count(*) FROM ${literal(files.train)}) AS train, (SELECT count(*) FROM ${literal(files.test)}) AS test`,
    );
    return {
      source,
      rows: { ...counts, ...size },
      classes: classes.map(({ target }) => target),
      class_counts: classes.map(({ size }) => size),
      seed: training.seed,
      test_share: training.testShare,
    };
  });
  // In a database of its own: what cleaning needed is given back first.
  const columns = await withDuckDb({ signal, memoryMegabytes: READING_MEGABYTES }, (connection) =>
    readColumns(connection, `SELECT * EXCLUDE (class_index) FROM ${literal(files.train)}`),
  );
  await writeJson(files.pipeline, new FeaturePipeline().fit(recipe, columns));
  await writeJson(files.metadata, prepared);
  return prepared;
}
