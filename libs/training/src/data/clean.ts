import type { CleaningCounts } from '../files/cleaning-counts.js';
import type { StageOptions } from '../stage.options.js';
import type { PipelineRecipe } from '#features';
import { InputError } from '#kit';
import { type CsvDialect, kindOf } from '#schema';
import { type Database, type LoadedColumn, type LoadedTable, loadTable, openDataSource } from '#tables';

/** The tables after each step of the cleaning. */
const TABLES = ['data', 'labelled', 'present', 'clean'] as const;

/** SQL for a value that is missing where one is needed; in a nullable column NaN counts as missing, as null does. */
const unusable = ({ value, nullable }: LoadedColumn): string =>
  nullable ? `coalesce(isinf(${value}), false)` : `NOT coalesce(isfinite(${value}), false)`;

/** @throws InputError on a missing column, and on more unreadable rows than validation tolerates */
async function checkLoaded(
  database: Database,
  path: string,
  { header, columns, target, rows, malformed }: LoadedTable,
  { inputs }: PipelineRecipe,
  { malformedRows, types }: StageOptions['validation'],
): Promise<void> {
  const absent = [...inputs.map(({ name }) => name), target].find((name) => !header.includes(name));
  if (absent !== undefined)
    throw new InputError(
      `${path} has no column "${absent}", which ${absent === target ? 'data.target' : 'data.recipe'} names. "validate" reports everything that is wrong with it.`,
    );
  if (malformedRows.severity === 'error' && malformed.count / (rows + malformed.count) > malformedRows.maxShare)
    throw new InputError(
      `${path} cannot be read: ${malformed.count} lines are malformed, more than validation.malformedRows.maxShare (${malformedRows.maxShare}) allows. "validate" reports which.`,
    );
  const counts = columns.map(({ raw }) => `count(${raw}) AS ${raw}`).join(', ');
  const texts = await database.one<Record<string, number>>(`SELECT ${counts} FROM data`);
  const wrong = columns.find(({ raw }) => types.severity === 'error' && texts[raw] / rows > types.maxShare);
  if (wrong && !kindOf(wrong).sqlFromText) {
    const { raw, name } = wrong;
    const example = await database.one<{ text: string }>(
      `SELECT any_value(${raw}) AS text FROM data WHERE ${raw} IS NOT NULL`,
    );
    throw new InputError(
      `${path} cannot be read: "${name}" is ${kindOf(wrong).misfit} in ${texts[raw]} of ${rows} rows, such as ${JSON.stringify(example.text)}. "validate" reports which.`,
    );
  }
  if (wrong)
    throw new InputError(
      `${path} cannot be read: "${wrong.name}" is not a number in ${texts[wrong.raw]} of ${rows} rows, more than validation.types.maxShare (${types.maxShare}) allows. "validate" reports which; list texts that mean "missing" in data.missing.`,
    );
}

/** SQL of a row's texts, a hash of these and the label, and a running number among equal rows. */
function contents(count: number): string {
  const texts = Array.from({ length: count }, (_, i) => `k${i}`);
  const cells = texts.map((text) => `coalesce('1:' || ${text}, ''), ','`);
  const content = `md5_number_lower(concat(${[...cells, 'target'].join(', ')}))::VARCHAR`;
  return `, ${[...texts, `${content} AS content`].join(', ')}, (row_number() OVER (PARTITION BY ${content} ORDER BY rowid))::VARCHAR AS nth`;
}

/** @throws InputError naming the first column with a missing value where one is needed */
async function checkGaps(database: Database, path: string, columns: readonly LoadedColumn[]): Promise<void> {
  for (const column of columns) {
    const count = `SELECT count(*) FILTER (WHERE ${unusable(column)}) AS gaps, count(*) - count(${column.value}) AS empty, count(*) AS rows FROM clean`;
    const { gaps, empty, rows } = await database.one<Record<'gaps' | 'empty' | 'rows', number>>(count);
    if (gaps === 0 && rows > 0 && empty === rows)
      throw new InputError(`${path}: "${column.name}" has no value in any clean row: leave it out of data.recipe.`);
    if (gaps === 0) continue;
    throw new InputError(
      `${path}: "${column.name}" has no finite number in ${gaps} rows. Set data.dropMissing to true, or make it nullable in the recipe and add an impute step.`,
    );
  }
}

/** Converts a regression's target to numbers. @throws InputError where one is not numeric */
async function typeNumbers(
  database: Database,
  path: string,
  name: string,
  decimal: CsvDialect['decimal'],
): Promise<void> {
  const number = kindOf({ type: 'float' }).sqlFromText!('target', decimal);
  const [wrong] = await database.query<{ target: string; count: number }>(
    `SELECT any_value(target) AS target, count(*) AS count FROM clean WHERE NOT coalesce(isfinite(${number}), false) HAVING count(*) > 0`,
  );
  if (wrong)
    throw new InputError(
      `${path}: the target "${name}" is not a finite number in ${wrong.count} rows, such as ${JSON.stringify(wrong.target)}; a regression needs numbers.`,
    );
  await database.query(`ALTER TABLE clean ALTER target TYPE DOUBLE USING ${number}`);
}

/** Labels stay texts unless all are whole numbers that JSON represents exactly. */
async function typeLabels(database: Database): Promise<void> {
  const { whole } = await database.one<{ whole: boolean }>(
    String.raw`SELECT bool_and(regexp_full_match(target, '0|-?[1-9]\d{0,14}')) AS whole FROM clean`,
  );
  if (whole) await database.query('ALTER TABLE clean ALTER target TYPE BIGINT');
}

/**
 * Loads raw data, as `validate` reads it, into the table `clean`: `row` (in the file, from 0), the raw columns of the
 * recipe as DOUBLE, and `target`, an integer where all labels are. Drops rows without a label, and as configured rows
 * with missing values and duplicates.
 *
 * @returns counts, and the raw columns with their names in SQL
 * @throws InputError when the file cannot be read or lacks a column
 */
export async function loadClean(
  database: Database,
  { own, data, validation }: Pick<StageOptions, 'own' | 'data' | 'validation'>,
  recipe: PipelineRecipe,
): Promise<{
  readonly counts: CleaningCounts;
  readonly columns: readonly LoadedColumn[];
  readonly decimal: CsvDialect['decimal'];
}> {
  const { path, target, dropMissing, dropDuplicates } = data;
  const kept = own && [...own.model.columns.keys()];
  const request = {
    schema: recipe.inputs,
    target,
    missing: data.missing?.map(String),
    wholeRows: dropDuplicates,
    kept,
  };
  const table = await loadTable(database, await openDataSource(path), request);
  await checkLoaded(database, path, table, recipe, validation);
  const { columns, malformed, decimal } = table;
  const names = columns.map(({ value }) => value);
  const values = names.map((name) => `nullif(${name}, 'NaN'::DOUBLE) AS ${name}`).join(', ');
  await database.query(
    `CREATE TABLE labelled AS SELECT rowid AS row, ${values}, target, others${kept ? contents(kept.length) : ''} FROM data WHERE target IS NOT NULL`,
  );
  const missing = (dropMissing && columns.map(unusable).join(' OR ')) || 'false';
  // A view, because it would be read as often as a copy is written.
  await database.query(`CREATE VIEW present AS SELECT * FROM labelled WHERE NOT (${missing})`);
  const all = [...names, 'target', 'others'].join(', ');
  const first = dropDuplicates ? `QUALIFY row_number() OVER (PARTITION BY ${all} ORDER BY row) = 1` : '';
  await database.query(`CREATE TABLE clean AS SELECT * EXCLUDE others FROM present ${first}`);
  await checkGaps(database, path, columns);
  if (own?.model.task === 'regression') await typeNumbers(database, path, target, decimal);
  else await typeLabels(database);
  const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ');
  const size = await database.one<Record<(typeof TABLES)[number], number>>(`SELECT ${counts}`);
  return {
    counts: {
      raw: size.data + malformed.count,
      malformed: malformed.count,
      unlabelled: size.data - size.labelled,
      missing: size.labelled - size.present,
      duplicates: size.present - size.clean,
      kept: size.clean,
    },
    columns,
    decimal,
  };
}
