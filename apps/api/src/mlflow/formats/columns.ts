import { repeatedName } from '../../prediction/formats/repeated-name.js';
import { Problem } from '../../problem/problem.js';

/** Rows as objects: what the checks of the model's schema read. */
export type InvocationRow = Readonly<Record<string, unknown>>;

/** A data set in a form that is not as MLflow defines it. */
export const badFormat = (message: string): Problem => new Problem('bad-request', message);

/** As many as one object of JSON may have. */
const MAX_COLUMNS = 10_000;

/** @throws Problem `bad-request` when there are too many names, one is no text, or comes twice */
export function checkColumns(columns: readonly unknown[], where: string): asserts columns is string[] {
  if (columns.length > MAX_COLUMNS) throw badFormat(`${where} must name at most ${MAX_COLUMNS} columns`);
  const wrong = columns.findIndex((name) => typeof name !== 'string');
  if (wrong !== -1) throw badFormat(`${where}[${wrong}] must be the name of a column`);
  const twice = repeatedName(columns as string[]);
  if (twice !== undefined) throw badFormat(`${where} names "${twice}" twice`);
}

/** Whether rows can be read by these columns. */
export function hasColumns(columns: unknown): columns is string[] {
  if (!Array.isArray(columns) || columns.length > MAX_COLUMNS) return false;
  return columns.every((name) => typeof name === 'string') && repeatedName(columns) === undefined;
}

/** A row as an object; a prototype would give names of its own a value. */
export function rowOf(columns: readonly string[], values: readonly unknown[]): InvocationRow {
  const row = Object.create(null) as Record<string, unknown>;
  for (let c = 0; c < columns.length; c++) row[columns[c]] = values[c];
  return row;
}
