import { kindOf, type RawSchema } from '#schema';
import { InputError, storageFailure } from '#kit';
import type { Database } from './database.js';
import type { DataSource } from './data-source.js';
import type { LoadedColumn, LoadedTable } from './loaded-table.js';
import { readMalformedRows } from './malformed-rows.js';
import { withPlainCopy } from './plain-copy.js';
import { QueryError } from './query.error.js';
import { valueCell, type Relation, relationOf, textCell } from './read-expressions.js';

/** Each takes memory, and rows that agree in so many agree in all. */
const MAX_OTHERS = 1_000;

/** What to read of a table. */
export interface TableRequest {
  /** The raw columns of the recipe. */
  readonly schema: RawSchema;
  /** The column to predict. */
  readonly target: string;
  /** Texts that stand for no value; those of pandas if not given. */
  readonly missing?: readonly string[];
  /** Whether rows are to be told apart by all columns of the file, also those that the recipe does not know. */
  readonly wholeRows?: boolean;
}

const some = (names: readonly string[]): string =>
  `${names
    .slice(0, 5)
    .map((name) => JSON.stringify(name))
    .join(', ')}${names.length > 5 ? `, ... (${names.length})` : ''}`;

function checkNames({ path }: DataSource, header: readonly string[], expected: readonly string[]): void {
  if (!expected.some((name) => header.includes(name))) {
    throw new InputError(
      `${path} has none of the columns ${some(expected)}: its header is ${some(header)}. Is it the right file, and does it have a header?`,
    );
  }
  const twice = expected.find((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice !== undefined) throw new InputError(`${path} has the column "${twice}" twice.`);
}

function selectionOf(
  { columns, decimal }: Relation,
  loaded: readonly LoadedColumn[],
  { target, missing, wholeRows }: TableRequest,
): string {
  const find = (name: string): Relation['columns'][number] | undefined => columns.find((one) => one.name === name);
  const features = loaded.flatMap((column) => {
    const { name, value, raw } = column;
    const cell = valueCell(kindOf(column), find(name)!, decimal, missing);
    return [`${cell.value} AS ${value}`, `${cell.raw} AS ${raw}`];
  });
  const label = find(target);
  const labelText = label ? textCell(label, missing) : 'NULL';
  const known = new Set([target, ...loaded.map(({ name }) => name)]);
  const others = columns.flatMap(({ name, sql }) => (known.has(name) ? [] : sql)).slice(0, MAX_OTHERS);
  // 64 bits are enough: only rows that agree in everything else are told apart by them.
  const rest = wholeRows && others.length > 0 ? `hash(${others.join(', ')})` : 'NULL::UBIGINT';
  return [...features, `(${labelText})::VARCHAR AS target`, `${rest} AS others`].join(', ');
}

/** Labels that all are whole numbers are told apart as such, 1 and 1.0 alike; all others keep their text. */
async function mergeWholeLabels(database: Database): Promise<void> {
  const [whole, plain] = [String.raw`\s*-?(0|[1-9]\d{0,14})(\.0*)?\s*`, String.raw`-?\d+`];
  const { isWhole, isPlain } = await database.one<Record<'isWhole' | 'isPlain', boolean | null>>(
    `SELECT bool_and(regexp_full_match(target, '${whole}')) AS isWhole, bool_and(regexp_full_match(target, '${plain}')) AS isPlain FROM data`,
  );
  if (isWhole && !isPlain)
    await database.query('ALTER TABLE data ALTER target TYPE VARCHAR USING target::DOUBLE::BIGINT');
}

/** What DuckDB comes to where lines end in several ways, or where text follows a quote. */
const isAboutLineEnds = (error: unknown): boolean =>
  error instanceof QueryError && error.message.includes('invalid state');

/**
 * Reads the rows of a file by a statement; of CSV as DuckDB would not read it, from a plain copy.
 *
 * @param statement made of the relation that the rows are
 */
async function readRows(
  database: Database,
  source: DataSource,
  statement: (relation: Relation) => string,
): Promise<void> {
  const read = async (path: string): Promise<void> => {
    await database.query(statement(await relationOf(source, path, database)));
  };
  if (source.format === 'parquet') return read(source.path);
  const { dialect, isHeaderOfLines } = source;
  // Where lines end in CRLF, DuckDB silently finds no row below a header of several lines.
  if (dialect.encoding === 'utf-8' && !isHeaderOfLines) {
    try {
      return await read(source.path);
    } catch (error) {
      if (!isAboutLineEnds(error)) throw error;
      await database.query('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans');
    }
  }
  return withPlainCopy(source.path, dialect.encoding, database.signal, read);
}

/**
 * Reads the file once into the table `data`.
 *
 * @throws InputError when it cannot be read as a whole: `malformed` lists single rows that cannot
 */
export async function loadTable(database: Database, source: DataSource, request: TableRequest): Promise<LoadedTable> {
  const { schema, target } = request;
  if (schema.some(({ name }) => name === target)) {
    throw new InputError(`The recipe names the target "${target}" as an input; a model must not be told the answer.`);
  }
  let header: readonly string[] = [];
  let columns: readonly LoadedColumn[] = [];
  const statement = (relation: Relation): string => {
    header = relation.columns.map(({ name }) => name);
    checkNames(source, header, [...schema.map(({ name }) => name), target]);
    columns = schema
      .filter(({ name }) => header.includes(name))
      .map((column, i) => ({ ...column, value: `x${i}`, raw: `raw${i}` }));
    return `CREATE TABLE data AS SELECT ${selectionOf(relation, columns, request)} FROM ${relation.from}`;
  };
  try {
    await readRows(database, source, statement);
  } catch (error) {
    if (!(error instanceof QueryError) || storageFailure(error)) throw error;
    const reason = isAboutLineEnds(error)
      ? 'text follows a quote that ends a cell.'
      : error.message.split('\n').slice(0, 2).join(' ');
    throw new InputError(`${source.path} cannot be read: ${reason}`);
  }
  await mergeWholeLabels(database);
  const malformed = source.format === 'csv' ? await readMalformedRows(database, source) : { count: 0, samples: [] };
  const { rows } = await database.one<{ rows: number }>('SELECT count(*) AS rows FROM data');
  if (rows === 0 && malformed.count === 0) throw new InputError(`${source.path} has a header but no rows.`);
  return { rows, columns, target, hasTarget: header.includes(target), header, malformed };
}
