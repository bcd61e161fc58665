import { isDeepStrictEqual } from 'node:util';
import type { Bundle } from '#bundle';
import { literal, parquetTable, readColumns, withDuckDb } from '#tables';
import { rowKey } from '../data/row-key.js';
import type { PreparedData, PreparedOwn } from '../files/prepared-data.js';
import type { RecordedSplit } from '../files/recorded-split.js';
import { OWN_TAIL } from './prepare-own.js';

const KNOWN = ['row_key', 'hash', 'random', 'group', 'time'];

function splitOf({ manifest }: Bundle): RecordedSplit | undefined {
  const split = manifest.lineage.split as RecordedSplit | undefined;
  if (!split || !KNOWN.includes(split.by)) return undefined;
  if (split.by !== 'row_key') return split;
  return Number.isInteger(split.seed) && split.cuts.length === manifest.classes.length ? split : undefined;
}

const list = (values: readonly (number | string | null)[]): string =>
  `[${values.map((value) => (value === null ? 'NULL' : literal(String(value)))).join(', ')}]`;

/** A query on the parts: column names by position, SQL of a key that it needs, and whether a row is unseen. */
interface UnseenQuery {
  readonly columns: readonly string[];
  readonly key: string;
  readonly unseen: string;
}

function byRowKey(
  { manifest, pipeline }: Bundle,
  split: Extract<RecordedSplit, { by: 'row_key' }>,
  inputs: readonly string[],
): UnseenQuery {
  const ofClass = (values: readonly (number | string | null)[]): string =>
    `list_extract(${list(values)}, class::INTEGER + 1)`;
  const values = pipeline.inputs.map(({ name }) => `x${inputs.indexOf(name)}`);
  return {
    // By position, because a raw column may have any name.
    columns: [...inputs.map((_, i) => `x${i}`), 'row', 'class'],
    key: rowKey(split.seed, values, ofClass(manifest.classes), 'row'),
    unseen: `key <= ${ofClass(split.cuts)}::UBIGINT`,
  };
}

/** As {@link UnseenQuery}, for a model with its own file; or why the rows cannot be determined. */
function byContents(
  version: string,
  split: Exclude<RecordedSplit, { by: 'row_key' }>,
  { columns: names, split: now, task }: PreparedOwn,
): UnseenQuery | string {
  const columns = [...names.map((_, i) => `c${i}`), ...OWN_TAIL, 'answer'];
  if (split.by === 'group' || split.by === 'time') {
    const isSame = (now.by === 'group' || now.by === 'time') && now.column === split.column;
    if (!isSame) return `version ${version} was split by "${split.column}", and these rows are not`;
    if (split.by === 'time') {
      const cut = now.by === 'time' ? now.cut : Infinity;
      // These rows are at or after the current cut.
      return cut >= split.cut ? { columns, key: '0', unseen: 'true' } : `version ${version} was split at a later time`;
    }
    const group = "coalesce(side, content || ':' || nth)";
    return {
      columns,
      key: `md5_number_lower(concat(${split.seed}, ':', ${group}))`,
      unseen: `key <= ${split.cut}::UBIGINT`,
    };
  }
  if (!isDeepStrictEqual(names, split.columns)) return `version ${version} was split by other columns of the table`;
  const { edges, cuts } = split;
  const stratum =
    task === 'regression'
      ? edges === undefined || edges.length === 0
        ? '0'
        : `len(list_filter([${edges.map((edge) => `'${edge}'::DOUBLE`).join(', ')}], edge -> edge < answer))`
      : 'answer';
  return {
    columns,
    key: `md5_number_lower(concat(${split.seed}, ':', content || ':' || nth))`,
    unseen: `key <= list_extract(${list(cuts)}, (${stratum})::INTEGER + 1)::UBIGINT`,
  };
}

/**
 * Determines which rows of the test part a version was not trained on, whether or not its table had them.
 *
 * @param inputs names of the prepared parts' raw columns, in order
 * @returns 1 for each such row; or why it is unknown, where the version does not record its split
 */
export async function unseenRows(
  bundle: Bundle,
  parts: Readonly<Record<'train' | 'test', string>>,
  prepared: PreparedData,
  inputs: readonly string[],
  signal?: AbortSignal,
): Promise<Uint8Array | string> {
  const { manifest } = bundle;
  const split = splitOf(bundle);
  const unknown = `version ${manifest.version} does not record how its rows were split`;
  if (!split) return unknown;
  const isOwn = prepared.columns !== undefined;
  if (isOwn === (split.by === 'row_key')) return unknown;
  const query =
    split.by === 'row_key'
      ? byRowKey(bundle, split, inputs)
      : byContents(manifest.version, split, prepared as PreparedOwn);
  if (typeof query === 'string') return query;
  const part = (path: string, isTest: boolean): string =>
    `SELECT *, ${isTest} AS is_test FROM ${parquetTable(path)} AS part(${query.columns.join(', ')})`;
  const keys = `SELECT *, ${query.key} AS key FROM (${part(parts.train, false)} UNION ALL ${part(parts.test, true)})`;
  const sql = `SELECT coalesce(${query.unseen}, false)::TINYINT FROM (${keys}) WHERE is_test ORDER BY row`;
  const [flags] = await withDuckDb({ signal }, (connection) => readColumns(connection, sql));
  return Uint8Array.from(flags);
}
