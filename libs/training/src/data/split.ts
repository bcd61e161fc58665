import type { Task } from '#bundle';
import type { Database } from '#tables';
import { InputError } from '#kit';
import { type CsvDialect, kindOf, type RawColumn } from '#schema';
import type { RecordedSplit } from '../files/recorded-split.js';
import type { SplitOptions } from '../model-file/model-file.js';

/** Strata of a regression's target: deciles. */
const STRATA = 10;

/** The largest key below a share of all 64-bit keys. */
const cutOf = (share: number): string => String((BigInt(Math.floor(share * 2 ** 53)) << 11n) - 1n);

/** SQL of a 64-bit key from a seed and a text. */
const keyOf = (seed: number, text: string): string => `md5_number_lower(concat(${seed}, ':', ${text}))`;

interface SplitRequest {
  readonly split: SplitOptions;
  readonly task: Task;
  readonly seed: number;
  /** Names of the columns whose texts form `content`. */
  readonly columns: readonly string[];
  /** The column of groups or time, and the SQL of its text. */
  readonly side?: { readonly column: RawColumn; readonly text: string };
  readonly decimal: CsvDialect['decimal'];
}

/** SQL of a row's stratum: the index of its class, or of its interval between edges. */
export const stratumOf = (edges: readonly number[] | undefined, target: string): string =>
  edges === undefined
    ? `list_position((SELECT labels FROM classes), ${target}) - 1`
    : edges.length === 0
      ? '0'
      : `len(list_filter([${edges.map((edge) => `'${edge}'::DOUBLE`).join(', ')}], edge -> edge < ${target}))`;

/**
 * Marks the rows of the test part in the table `parts`, which `clean` becomes. A row's key depends on `row`, `target`,
 * `content` and `nth` (its running number among equal rows).
 *
 * @returns the split, so that later runs know which rows were trained on
 */
export async function splitRows(database: Database, request: SplitRequest): Promise<RecordedSplit> {
  const { split, seed, columns } = request;
  const { by, test: share } = split;
  if (by === 'group') return splitGroups(database, request);
  if (by === 'time') return splitTime(database, request);
  const edges = request.task === 'regression' ? await edgesOf(database, by) : undefined;
  await database.query(
    `CREATE VIEW keyed AS SELECT *, ${keyOf(seed, "content || ':' || nth")} AS key, ${stratumOf(edges, 'target')} AS stratum FROM clean`,
  );
  const cuts = by === 'hash' ? await hashCuts(database, share) : await randomCuts(database, share);
  const list = `[${cuts.map((cut) => (cut === null ? 'NULL' : `${cut}::UBIGINT`)).join(', ')}]::UBIGINT[]`;
  await database.query(
    `CREATE TABLE parts AS SELECT * EXCLUDE (key, stratum), coalesce(key <= list_extract(${list}, stratum::INTEGER + 1), false) AS is_test FROM keyed`,
  );
  return { by, seed, test_share: share, columns, ...(edges && { edges }), cuts };
}

async function edgesOf(database: Database, by: 'hash' | 'random'): Promise<number[]> {
  if (by === 'hash') return [];
  const shares = Array.from({ length: STRATA - 1 }, (_, i) => (i + 1) / STRATA);
  const { edges } = await database.one<{ edges: number[] }>(
    `SELECT quantile_disc(target, [${shares.join(', ')}]) AS edges FROM clean`,
  );
  return [...new Set(edges)];
}

interface Stratum {
  readonly stratum: number;
  readonly size: number;
  readonly below: number;
}

/** The same cut for all classes; a class that would have no training row is kept for training as a whole. */
async function hashCuts(database: Database, share: number): Promise<(string | null)[]> {
  const cut = cutOf(share);
  const strata = await database.query<Stratum>(
    `SELECT stratum, count(*) AS size, count(*) FILTER (WHERE key <= ${cut}::UBIGINT) AS below FROM keyed GROUP BY stratum ORDER BY stratum`,
  );
  return strata.map(({ size, below }) => (below === size ? null : cut));
}

/** The rows of the smallest keys in each stratum; with two rows or more, each side gets at least one. */
async function randomCuts(database: Database, share: number): Promise<(string | null)[]> {
  const cuts = await database.query<{ cut: string | null }>(
    `SELECT max(key) FILTER (WHERE rank <= least(greatest(round(${share} * size), 1), size - 1))::VARCHAR AS cut FROM (
       SELECT stratum, key, count(*) OVER (PARTITION BY stratum) AS size, row_number() OVER (PARTITION BY stratum ORDER BY key, row) AS rank FROM keyed)
     GROUP BY stratum ORDER BY stratum`,
  );
  return cuts.map(({ cut }) => cut);
}

async function splitGroups(database: Database, { split, seed, side }: SplitRequest): Promise<RecordedSplit> {
  const { test: share } = split;
  const { column, text } = side!;
  const cut = cutOf(share);
  // A row without a group is a group of its own.
  const group = `coalesce(${text}, content || ':' || nth)`;
  await database.query(
    `CREATE TABLE parts AS SELECT *, ${keyOf(seed, group)} <= ${cut}::UBIGINT AS is_test FROM clean`,
  );
  return { by: 'group', seed, test_share: share, column: column.name, cut };
}

async function splitTime(database: Database, { split, side, decimal }: SplitRequest): Promise<RecordedSplit> {
  const { test: share } = split;
  const { column, text } = side!;
  if (!['date', 'datetime', 'integer', 'float'].includes(column.type))
    throw new InputError(
      `data.split.column is "${column.name}", which is of type ${column.type}; a split by time needs a date, a datetime or a number.`,
    );
  const reader = kindOf(column).reader({ ...column, nullable: true });
  const texts = await database.query<{ text: string }>(
    `SELECT DISTINCT ${text} AS text FROM clean WHERE ${text} IS NOT NULL`,
  );
  await database.insert(
    'times',
    ['text VARCHAR', 'number DOUBLE'],
    texts.map((one) => {
      const number = reader.fromText(one.text, decimal);
      return [one.text, number === undefined || Number.isNaN(number) ? null : number];
    }),
  );
  await database.query(
    `CREATE TABLE timed AS SELECT clean.*, (SELECT number FROM times WHERE times.text = clean.${text}) AS moment FROM clean`,
  );
  const { cut } = await database.one<{ cut: number | null }>(
    `SELECT quantile_disc(moment, ${1 - share}) AS cut FROM timed WHERE moment IS NOT NULL`,
  );
  if (cut === null)
    throw new InputError(`data.split.column "${column.name}" has no value in any row; there is no time to split by.`);
  await database.query(
    'CREATE TABLE parts AS SELECT * EXCLUDE moment, coalesce(moment >= ' +
      `'${cut}'::DOUBLE, false) AS is_test FROM timed`,
  );
  return { by: 'time', test_share: share, column: column.name, cut };
}
