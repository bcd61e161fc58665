import { kindOf, type RawSchema } from '#schema';
import { InputError } from '#kit';
import type { Database } from './database.js';
import type { DataSource } from './data-source.js';
import type { LoadedColumn, LoadedTable } from './loaded-table.js';
import { readCoded } from './read-coded.js';
import { readMalformedRows } from './malformed-rows.js';
import { valueCell, type Relation, textCell } from './read-expressions.js';
import { readRows, unreadable } from './read-rows.js';

/** Limits the memory; rows that agree in this many columns are taken as equal. */
const MAX_OTHERS = 1_000;

/** What to read of a table. */
export interface TableRequest {
  /** The raw columns of the recipe. */
  readonly schema: RawSchema;
  /** The column to predict. */
  readonly target: string;
  /** Texts that mean a missing value; those of pandas if not given. */
  readonly missing?: readonly string[];
  /** Whether rows are compared by all columns of the file, including those unknown to the recipe. */
  readonly wholeRows?: boolean;
  /** Columns whose texts are also kept unchanged: of the schema, or others. */
  readonly kept?: readonly string[];
  /** Normalisers of columns' texts for their vocabularies, by column. */
  readonly normalizers?: ReadonlyMap<string, (text: string) => string>;
}

const some = (names: readonly string[]): string =>
  `${names
    .slice(0, 5)
    .map((name) => JSON.stringify(name))
    .join(', ')}${names.length > 5 ? `, ... (${names.length})` : ''}`;

function checkNames({ path }: DataSource, header: readonly string[], expected: readonly string[]): void {
  if (!expected.some((name) => header.includes(name))) {
    throw new InputError(
      `${path} has none of the columns ${some(expected)}; its header is ${some(header)}. Is it the right file, and does it have a header?`,
    );
  }
  const twice = expected.find((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice !== undefined) throw new InputError(`${path} has the column "${twice}" twice.`);
}

function selectionOf(
  { columns, decimal }: Relation,
  loaded: readonly LoadedColumn[],
  { target, missing, wholeRows, kept = [] }: TableRequest,
): string {
  const find = (name: string): Relation['columns'][number] | undefined => columns.find((one) => one.name === name);
  const features = loaded.flatMap((column) => {
    const { name, value, raw } = column;
    const cell = valueCell(kindOf(column), find(name)!, decimal, column.missing ?? missing);
    return [`${cell.value} AS ${value}`, `${cell.raw} AS ${raw}`];
  });
  const label = find(target);
  const labelText = label ? textCell(label, missing) : 'NULL';
  const known = new Set([target, ...loaded.map(({ name }) => name)]);
  const others = columns.flatMap(({ name, sql }) => (known.has(name) ? [] : sql)).slice(0, MAX_OTHERS);
  // 64 bits are enough: the hash only separates rows that agree in everything else.
  const rest = wholeRows && others.length > 0 ? `hash(${others.join(', ')})` : 'NULL::UBIGINT';
  const texts = kept.map((name, i) => `(${find(name)?.sql ?? 'NULL'})::VARCHAR AS k${i}`);
  return [...features, `(${labelText})::VARCHAR AS target`, `${rest} AS others`, ...texts].join(', ');
}

/** If all labels are whole numbers they are compared as numbers, 1 and 1.0 alike; otherwise as text. */
async function mergeWholeLabels(database: Database): Promise<void> {
  const [whole, plain] = [String.raw`\s*-?(0|[1-9]\d{0,14})(\.0*)?\s*`, String.raw`-?\d+`];
  const { isWhole, isPlain } = await database.one<Record<'isWhole' | 'isPlain', boolean | null>>(
    `SELECT bool_and(regexp_full_match(target, '${whole}')) AS isWhole, bool_and(regexp_full_match(target, '${plain}')) AS isPlain FROM data`,
  );
  if (isWhole && !isPlain)
    await database.query('ALTER TABLE data ALTER target TYPE VARCHAR USING target::DOUBLE::BIGINT');
}

/**
 * Reads the file once into the table `data`.
 *
 * @throws InputError when it cannot be read as a whole; `malformed` lists single unreadable rows
 */
export async function loadTable(database: Database, source: DataSource, request: TableRequest): Promise<LoadedTable> {
  const { schema, target } = request;
  if (schema.some(({ name }) => name === target)) {
    throw new InputError(`The recipe names the target "${target}" as an input; a model must not see the target.`);
  }
  let header: readonly string[] = [];
  let decimal: Relation['decimal'] = '.';
  let columns: readonly LoadedColumn[] = [];
  const statement = (relation: Relation): string => {
    header = relation.columns.map(({ name }) => name);
    ({ decimal } = relation);
    checkNames(source, header, [...schema.map(({ name }) => name), target]);
    columns = schema
      .filter(({ name }) => header.includes(name))
      .map((column, i) => ({ ...column, value: `x${i}`, raw: `raw${i}` }));
    return `CREATE TABLE data AS SELECT ${selectionOf(relation, columns, request)} FROM ${relation.from}`;
  };
  try {
    await readRows(database, source, statement);
  } catch (error) {
    throw unreadable(source, error);
  }
  columns = await readCoded(database, columns, decimal, request);
  await mergeWholeLabels(database);
  const malformed = source.format === 'csv' ? await readMalformedRows(database, source) : { count: 0, samples: [] };
  const { rows } = await database.one<{ rows: number }>('SELECT count(*) AS rows FROM data');
  if (rows === 0 && malformed.count === 0) throw new InputError(`${source.path} has a header but no rows.`);
  return { rows, columns, target, hasTarget: header.includes(target), header, decimal, malformed };
}
