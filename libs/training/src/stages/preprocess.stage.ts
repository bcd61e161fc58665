import type { StageOptions } from '../stage.options.js';
import { autoRecipe, FeaturePipeline, type FittedPipeline, type PipelineRecipe } from '#features';
import { type LearnerKind, takesMissing } from '#learners';
import { loadClean } from '../data/clean.js';
import {
  Database,
  type DuckDBConnection,
  identifier,
  literal,
  type LoadedColumn,
  parquetTable,
  readColumns,
  withDuckDb,
} from '#tables';
import { countCells } from '../data/count-cells.js';
import { cellsOfTexts, countTexts, type TextCounts } from '../data/count-texts.js';
import { droppedText } from '../data/dropped-text.js';
import { outlierCondition } from '../data/outliers.js';
import { fileMd5, InputError, placedTogether, writeJson, writtenWhole } from '#kit';
import { rowKey } from '../data/row-key.js';
import { recipeOf } from '../model-file/recipe-of.js';
import { percent } from '#validation';
import { preparedFiles } from '../files/stage-files.js';
import type { PreparedData, PreparedOwn } from '../files/prepared-data.js';
import { readCells, targetOf, withVocabularies } from '../data/own-parts.js';
import type { OwnModel } from '../model-file/own-model.js';
import { splitOwn } from './prepare-own.js';

interface PreprocessOptions {
  readonly signal?: AbortSignal;
  /** Also writes the parts as CSV with labels, in the format of the raw data. */
  readonly csv?: boolean;
}

/** Enough to scan a file. */
const READING_MEGABYTES = 200;

/**
 * Marks the rows of the test part, those of the smallest keys in each class: the same rows for a seed on every machine,
 * and the same share of every class. A class of two rows or more is in both parts, a single row in the training part.
 *
 * @returns for each class the largest key of the test part, null for none
 */
async function split(
  database: Database,
  columns: readonly LoadedColumn[],
  { seed, testShare }: StageOptions['training'],
): Promise<(string | null)[]> {
  const key = rowKey(
    seed,
    columns.map(({ value }) => value),
    'target',
    'row',
  );
  await database.query(
    `CREATE TABLE parts AS SELECT * EXCLUDE (size, rank), rank <= least(greatest(round(${testShare} * size), 1), size - 1) AS is_test FROM (
       SELECT *, count(*) OVER (PARTITION BY target) AS size, row_number() OVER (PARTITION BY target ORDER BY key, row) AS rank
       FROM (SELECT *, ${key} AS key FROM clean))`,
  );
  const cuts = await database.query<{ cut: string | null }>(
    'SELECT max(key) FILTER (WHERE is_test)::VARCHAR AS cut FROM parts GROUP BY target ORDER BY target',
  );
  return cuts.map(({ cut }) => cut);
}

/** Writes both parts, in the row order of the raw data. */
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

/**
 * Drops outliers of the training part, by its own quartiles; the test part stays like future rows.
 *
 * @returns how many
 */
async function dropOutliers(database: Database, columns: readonly LoadedColumn[], ranges: number): Promise<number> {
  await database.query('CREATE VIEW training_part AS SELECT * FROM parts WHERE NOT is_test');
  const outlying = await outlierCondition(database, 'training_part', columns, ranges);
  if (outlying === 'false') return 0;
  const { count } = await database.one<{ count: number }>(
    `SELECT count(*) AS count FROM training_part WHERE ${outlying}`,
  );
  await database.query(`DELETE FROM parts WHERE NOT is_test AND (${outlying})`);
  return count;
}

/** @throws InputError where there is a single class, or a part would be empty */
function checkClasses(
  { data }: Pick<StageOptions, 'data'>,
  classes: readonly PreparedClass[],
  rows: PreparedData['rows'],
): void {
  const { path, target } = data;
  if (classes.length < 2) {
    throw new InputError(
      `${path}: "${target}" has ${classes.length} class(es) in the ${rows.kept} clean rows; at least two are needed. ${droppedText(rows)}`,
    );
  }
  if (classes.every(({ train, test }) => train + test === 1)) {
    throw new InputError(`${path}: every class of "${target}" has one row; none is left for the test part.`);
  }
  const gone = classes.find(({ train }) => train === 0);
  if (gone === undefined) return;
  throw new InputError(
    `${path}: every row for training of the class "${gone.target}" was dropped as an outlier. Set data.outlierRanges to 0 to keep all.`,
  );
}

/** @throws InputError where cleaning drops so much that the rest is a different table */
function checkDropped({ data }: Pick<StageOptions, 'data'>, rows: PreparedData['rows']): void {
  const labelled = rows.raw - rows.malformed - rows.unlabelled;
  const share = (rows.missing + rows.duplicates + rows.outliers) / labelled;
  if (!(share > data.maxDroppedShare)) return;
  const remedies = [
    ...(rows.missing > 0 ? ['make columns nullable in data.recipe and fill them by an impute step'] : []),
    ...(rows.duplicates > 0 ? ['set data.dropDuplicates to false'] : []),
    ...(rows.outliers > 0 ? ['set data.outlierRanges to 0'] : []),
  ];
  throw new InputError(
    `${data.path}: cleaning would drop ${percent(share)} of the rows, more than data.maxDroppedShare (${percent(data.maxDroppedShare)}) allows. ` +
      `${droppedText(rows)} If this is intended, raise data.maxDroppedShare; otherwise, ${remedies.join(', or ')}.`,
  );
}

interface PreparedClass {
  readonly target: number | string;
  readonly train: number;
  readonly test: number;
}

/** Cleans and splits the raw data and writes the parts. */
async function prepareParts(
  connection: DuckDBConnection,
  config: Pick<StageOptions, 'own' | 'data' | 'training' | 'validation'>,
  recipe: PipelineRecipe,
  files: ReturnType<typeof preparedFiles>,
  { signal, csv }: PreprocessOptions,
): Promise<{ readonly parts: Omit<PreparedData, 'source'>; readonly texts: ReadonlyMap<string, TextCounts> }> {
  const { own, data, training } = config;
  const database = new Database(connection, signal);
  const { counts, columns, decimal } = await loadClean(database, config, recipe);
  const cells = await countCells(connection, columns, counts.raw);
  const texts = own
    ? await countTexts(database, columns, [...own.model.columns.keys()])
    : new Map<string, TextCounts>();
  const { selection: ownSelection, ...ownSplit } = own ? await splitOwn(database, config, own, columns, decimal) : {};
  const cuts = own ? [] : await split(database, columns, training);
  const outliers = await dropOutliers(database, columns, data.outlierRanges);
  const isRegression = own?.model.task === 'regression';
  const classes = isRegression ? [] : await classesOf(database);
  const sizes = await database.one<Record<'train' | 'test', number>>(
    'SELECT count(*) FILTER (WHERE NOT is_test) AS train, count(*) FILTER (WHERE is_test) AS test FROM parts',
  );
  const rows = { ...counts, outliers, kept: counts.kept - outliers, train: sizes.train, test: sizes.test };
  checkDropped(config, rows);
  if (own) checkSides(config, own, rows);
  if (!isRegression) checkClasses(config, classes, rows);
  if (!own)
    await connection.run('CREATE TABLE classes AS SELECT list(DISTINCT target ORDER BY target) AS labels FROM clean');
  const raw = columns.map(({ value, name }) => `${value} AS ${identifier(name)}`).join(', ');
  const classIndex = 'list_position((SELECT labels FROM classes), target) - 1 AS class_index';
  const answer = isRegression ? 'target' : classIndex;
  await writeParts(connection, `${ownSelection ?? `${raw}, row`}, ${answer}`, files, 'parquet, COMPRESSION zstd');
  if (csv) {
    const label = `target AS ${identifier(data.target)}`;
    await writeParts(connection, `${raw}, ${label}`, { train: files.trainCsv, test: files.testCsv }, 'csv, HEADER');
  }
  const parts = {
    rows,
    classes: classes.map(({ target }) => target),
    class_counts: classes.map(({ train, test }) => train + test),
    train_class_counts: classes.map(({ train }) => train),
    ...(isRegression && {
      train_mean: (await database.one<{ mean: number }>('SELECT favg(target) AS mean FROM parts WHERE NOT is_test'))
        .mean,
    }),
    seed: training.seed,
    test_share: own?.model.data.split.test ?? training.testShare,
    cuts,
    cells,
    ...ownSplit,
  };
  return { parts, texts };
}

/** By class index. */
async function classesOf(database: Database): Promise<PreparedClass[]> {
  const classes = await database.query<PreparedClass>(
    `SELECT target, count(row) FILTER (WHERE NOT is_test) AS train, count(row) FILTER (WHERE is_test) AS test
     FROM (SELECT DISTINCT target FROM clean) LEFT JOIN parts USING (target) GROUP BY target ORDER BY target`,
  );
  const isReversed = await database
    .one<{ first: string }>('SELECT labels[1]::VARCHAR AS first FROM classes')
    .then(({ first }) => String(classes[0].target) !== first)
    .catch(() => false);
  return isReversed ? classes.reverse() : classes;
}

/** @throws InputError where a split by groups or time leaves a part empty */
function checkSides({ data }: Pick<StageOptions, 'data'>, { model }: OwnModel, rows: PreparedData['rows']): void {
  if (rows.train > 0 && rows.test > 0) return;
  const side = rows.train === 0 ? 'training' : 'the test';
  const { by, test } = model.data.split;
  throw new InputError(
    `${data.path}: data.split { by: ${by}, test: ${test} } leaves no row for ${side} of ${rows.kept}. Choose another share, or by: random.`,
  );
}

/** Chooses steps that suit the kinds of the columns and the learner. */
const chosenRecipe = (recipe: PipelineRecipe, algorithm: LearnerKind | 'auto'): PipelineRecipe => ({
  ...recipe,
  ...autoRecipe(recipe.inputs, {
    learner: algorithm === 'logistic_regression' || algorithm === 'ridge' ? 'linear' : 'trees',
    acceptsMissing: algorithm === 'auto' || takesMissing(algorithm),
  }),
});

/** Fits a recipe on the training part, in a database of its own, so that the memory of the cleaning is freed first. */
async function fitOn(
  train: string,
  config: Pick<StageOptions, 'own' | 'training'>,
  recipe: PipelineRecipe,
  prepared: PreparedData,
  signal: AbortSignal | undefined,
): Promise<FittedPipeline> {
  if (prepared.columns === undefined) {
    const columns = await withDuckDb({ signal, memoryMegabytes: READING_MEGABYTES }, (connection) =>
      readColumns(connection, `SELECT * FROM ${parquetTable(train)}`),
    );
    return new FeaturePipeline().fit(recipe, columns.slice(0, recipe.inputs.length));
  }
  const own = prepared as PreparedOwn;
  const complete = await withVocabularies(train, recipe, own, signal);
  const { raw, target } = await readCells(train, complete, own, signal);
  const steps = config.own?.model.recipe === 'auto' ? chosenRecipe(complete, config.training.algorithm) : complete;
  return new FeaturePipeline().fit(steps, raw, targetOf(own, prepared.classes, target));
}

/**
 * Cleans the raw data, splits it by class, and only then fits the feature pipeline, on the training part only. Its
 * files replace older ones all at once.
 *
 * @throws InputError on unreadable data, data of which cleaning drops too much, or with fewer than two classes
 */
export async function preprocess(
  config: Pick<StageOptions, 'own' | 'data' | 'training' | 'validation'>,
  options: PreprocessOptions,
): Promise<PreparedData> {
  const { data } = config;
  const { signal } = options;
  const recipe = await recipeOf(config);
  const source = await fileMd5(data.path);
  return placedTogether(data.processed, Object.values(preparedFiles('')), async (unfinished) => {
    const files = preparedFiles(unfinished);
    const { parts, texts } = await withDuckDb({ signal }, (connection) =>
      prepareParts(connection, config, recipe, files, options),
    );
    const prepared = { source, ...parts };
    const table = {
      ...(data.missing && { missing: data.missing.map(String) }),
      ...((recipe.unused ?? config.own) && { unused: [...new Set([...(recipe.unused ?? []), data.target])] }),
    };
    const pipeline = await fitOn(files.train, config, { ...recipe, ...table }, prepared, signal);
    await writeJson(files.pipeline, pipeline);
    const cells = { ...parts.cells, ...cellsOfTexts(pipeline, texts, parts.decimal) };
    const counted = { ...prepared, cells };
    await writeJson(files.metadata, counted);
    signal?.throwIfAborted();
    return counted;
  });
}
