import { repeatedName } from '../../prediction/formats/repeated-name.js';
import { Problem } from '../../problem/problem.js';

/** A row as an object, the input of the model's schema checks. */
export type InvocationRow = Readonly<Record<string, unknown>>;

/** The problem of data that violate MLflow's format. */
export const badFormat = (message: string): Problem => new Problem('bad-request', message);

/** The limit of fields in a JSON object. */
const MAX_COLUMNS = 10_000;

/** @throws Problem `bad-request` if there are too many names, or one is not a text or occurs twice */
export function checkColumns(columns: readonly unknown[], where: string): asserts columns is string[] {
  if (columns.length > MAX_COLUMNS) throw badFormat(`${where} must name at most ${MAX_COLUMNS} columns`);
  const wrong = columns.findIndex((name) => typeof name !== 'string');
  if (wrong !== -1) throw badFormat(`${where}[${wrong}] must be the name of a column`);
  const twice = repeatedName(columns as string[]);
  if (twice !== undefined) throw badFormat(`${where} names "${twice}" twice`);
}

/** Whether these are valid names of columns. */
export function hasColumns(columns: unknown): columns is string[] {
  if (!Array.isArray(columns) || columns.length > MAX_COLUMNS) return false;
  return columns.every((name) => typeof name === 'string') && repeatedName(columns) === undefined;
}

/** A row as an object without a prototype, whose properties could be mistaken for columns. */
export function rowOf(columns: readonly string[], values: readonly unknown[]): InvocationRow {
  const row = Object.create(null) as Record<string, unknown>;
  for (let c = 0; c < columns.length; c++) row[columns[c]] = values[c];
  return row;
}
