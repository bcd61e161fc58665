import { type Database, identifier, type LoadedColumn } from '#tables';
import { InputError } from '#kit';
import { type CsvDialect, kindOf, UNKNOWN_CODE } from '#schema';
import { splitRows } from '../data/split.js';
import type { PreparedOwn } from '../files/prepared-data.js';
import type { OwnModel } from '../model-file/own-model.js';
import type { StageOptions } from '../stage.options.js';

/** A cell in the parts: numbers as such, all else as the text for its reader. */
const cellOf = (loaded: LoadedColumn | undefined, i: number): string =>
  loaded && kindOf(loaded).sqlFromText ? loaded.value : `k${i}`;

/** Sorts the labels by size or code point; but of two, a given positive class is the second. */
async function orderClasses(database: Database, path: string, { model }: OwnModel): Promise<void> {
  const { task, positive, data } = model;
  const { labels } = await database.one<{ labels: { items: (number | string | bigint)[] } | (number | string)[] }>(
    'SELECT list(DISTINCT target ORDER BY target) AS labels FROM clean',
  );
  const known = (Array.isArray(labels) ? labels : labels.items).map(String);
  if (task === 'binary' && known.length > 2)
    throw new InputError(
      `${path}: task is binary, but "${data.target}" has ${known.length} values: ${known.slice(0, 10).join(', ')}.`,
    );
  if (positive !== undefined && !known.includes(String(positive)))
    throw new InputError(
      `${path}: positive is ${JSON.stringify(positive)}, which "${data.target}" never has; its values are ${known.slice(0, 20).join(', ')}.`,
    );
  const isFirst = task === 'binary' && positive !== undefined && String(positive) === known[0];
  await database.query(
    `CREATE TABLE classes AS SELECT list(DISTINCT target ORDER BY target ${isFirst ? 'DESC' : 'ASC'}) AS labels FROM clean`,
  );
}

/** Notes on values that the model's file has not seen: they are accepted as it says, but reported. */
async function newValues(database: Database, { model }: OwnModel, loaded: readonly LoadedColumn[]): Promise<string[]> {
  const notes: string[] = [];
  const names = [...model.columns.keys()];
  for (const { name, value } of loaded) {
    const column = model.columns.get(name)!;
    const text = `k${names.indexOf(name)}`;
    const listed = 'values' in column && column.values !== undefined;
    const [low, high] = column.seen ?? [];
    const isRange = typeof low === 'number' && typeof high === 'number';
    if (!listed && !isRange) continue;
    const condition = listed
      ? `${value} = ${UNKNOWN_CODE}`
      : `${value} NOT BETWEEN '${low}'::DOUBLE AND '${high}'::DOUBLE`;
    const { count, example } = await database.one<{ count: number; example: string | null }>(
      `SELECT count(*) AS count, any_value(${text}) AS example FROM clean WHERE ${condition}`,
    );
    if (count === 0) continue;
    const what = listed
      ? 'a value that the model file does not list'
      : `a number outside the range seen in training, ${low} to ${high}`;
    notes.push(`"${name}" has ${what} in ${count} rows, such as ${JSON.stringify(example)}`);
  }
  return notes;
}

/** The additional columns of a row. */
export const OWN_TAIL = ['content', 'nth', 'side', 'row'] as const;

/**
 * Splits the clean rows of a model with its own file into the table `parts`.
 *
 * @returns the split, and SQL of the parts' columns: those of the model's file in order, then {@link OWN_TAIL}
 */
export async function splitOwn(
  database: Database,
  { data, training }: Pick<StageOptions, 'data' | 'training'>,
  own: OwnModel,
  loaded: readonly LoadedColumn[],
  decimal: CsvDialect['decimal'],
): Promise<PreparedOwn & { readonly selection: string }> {
  const { model } = own;
  const { task } = model;
  const { split } = model.data;
  const names = [...model.columns.keys()];
  if (task !== 'regression') await orderClasses(database, data.path, own);
  const at = split.column === undefined ? -1 : names.indexOf(split.column);
  if (split.column !== undefined && at < 0)
    throw new InputError(`${own.file}: data.split.column is "${split.column}", which is not among its columns.`);
  const side =
    at < 0
      ? undefined
      : {
          column: { nullable: true, ...model.columns.get(split.column!)!, name: split.column! } as LoadedColumn,
          text: `k${at}`,
        };
  const recorded = await splitRows(database, { split, task, seed: training.seed, columns: names, side, decimal });
  const cells = names.map(
    (name, i) =>
      `${cellOf(
        loaded.find((column) => column.name === name),
        i,
      )} AS ${identifier(`c${i}`)}`,
  );
  const tail = ['content', 'nth', `${side?.text ?? 'NULL::VARCHAR'} AS side`, 'row'];
  const notes = await newValues(database, own, loaded);
  return { task, columns: names, notes, decimal, split: recorded, selection: [...cells, ...tail].join(', ') };
}
