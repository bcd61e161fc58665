import { InputError } from '#kit';
import type { RowSides } from '#learners';
import { kindOf } from '#schema';
import { parquetTable, readMixed, withDuckDb } from '#tables';
import type { PreparedOwn } from '../files/prepared-data.js';
import type { OwnModel } from '../model-file/own-model.js';

/**
 * Reads the groups or times by which a part's rows were split; undefined where they were split by hash or at random.
 */
export async function readSides(
  path: string,
  { model }: Pick<OwnModel, 'model'>,
  { decimal, split }: PreparedOwn,
  signal?: AbortSignal,
): Promise<RowSides | undefined> {
  if (split.by !== 'group' && split.by !== 'time') return undefined;
  const { by, column: name } = split;
  if (by === 'group') {
    // A row without a group is a group of its own, as in the split.
    const group = "dense_rank() OVER (ORDER BY coalesce(side, content || ':' || nth))";
    const sql = `SELECT ${group}::DOUBLE FROM ${parquetTable(path)} ORDER BY row`;
    const [values] = await withDuckDb({ signal }, (connection) => readMixed(connection, sql, []));
    return { by, values };
  }
  const column = model.columns.get(name);
  if (!column)
    throw new InputError(`The prepared parts are split by "${name}", which is no column: run "preprocess" again.`);
  const reader = kindOf(column).reader({ ...column, name, nullable: true });
  const sql = `SELECT side FROM ${parquetTable(path)} ORDER BY row`;
  const [values] = await withDuckDb({ signal }, (connection) =>
    readMixed(connection, sql, [(text) => reader.fromText(text, decimal) ?? NaN]),
  );
  return { by, values };
}
