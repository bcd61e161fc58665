import type { Bundle } from '#bundle';
import { literal, parquetTable, readColumns, withDuckDb } from '#tables';
import { rowKey } from '../data/row-key.js';
import type { RecordedSplit } from '../files/recorded-split.js';

function splitOf({ manifest }: Bundle): RecordedSplit | undefined {
  const split = manifest.lineage.split as Partial<RecordedSplit> | undefined;
  const isRecorded =
    split?.by === 'row_key' && Number.isInteger(split.seed) && split.cuts?.length === manifest.classes.length;
  return isRecorded ? (split as RecordedSplit) : undefined;
}

/**
 * Which rows of the test part a version would not have been trained on, whether its table had them or not.
 *
 * @param inputs names of the prepared parts' raw columns, in their order
 * @returns for each row 1 if so; why nobody can know where the version does not tell how its rows were split
 */
export async function unseenRows(
  bundle: Bundle,
  parts: Readonly<Record<'train' | 'test', string>>,
  inputs: readonly string[],
  signal?: AbortSignal,
): Promise<Uint8Array | string> {
  const { manifest, pipeline } = bundle;
  const split = splitOf(bundle);
  if (!split) return `version ${manifest.version} does not record how its rows were split`;
  const list = (values: readonly (number | string | null)[]): string =>
    `[${values.map((value) => (value === null ? 'NULL' : literal(String(value)))).join(', ')}]`;
  const ofClass = (values: readonly (number | string | null)[]): string =>
    `list_extract(${list(values)}, class::INTEGER + 1)`;
  const key = rowKey(
    split.seed,
    pipeline.inputs.map(({ name }) => `x${inputs.indexOf(name)}`),
    ofClass(manifest.classes),
    'row',
  );
  // By position: a raw column may have any name.
  const columns = [...inputs.map((_, i) => `x${i}`), 'row', 'class'].join(', ');
  const part = (path: string, isTest: boolean): string =>
    `SELECT *, ${isTest} AS is_test FROM ${parquetTable(path)} AS part(${columns})`;
  const keys = `SELECT *, ${key} AS key FROM (${part(parts.train, false)} UNION ALL ${part(parts.test, true)})`;
  const unseen = `coalesce(key <= ${ofClass(split.cuts)}::UBIGINT, false)`;
  const sql = `SELECT ${unseen}::TINYINT FROM (${keys}) WHERE is_test ORDER BY row`;
  const [flags] = await withDuckDb({ signal }, (connection) => readColumns(connection, sql));
  return Uint8Array.from(flags);
}
