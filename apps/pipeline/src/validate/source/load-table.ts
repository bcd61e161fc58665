import type { RawSchema } from '#features';
import { InputError } from '../../input.error.js';
import { storageFailure } from '../../storage-failure.js';
import type { Database } from './database.js';
import type { DataSource } from './data-source.js';
import type { LoadedColumn, LoadedTable } from './loaded-table.js';
import { readMalformedRows } from './malformed-rows.js';
import { QueryError } from './query.error.js';
import { labelOf, numberOf, type Relation, relationOf } from './read-expressions.js';

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

function selection({ columns }: Relation, loaded: readonly LoadedColumn[], target: string): string {
  const find = (name: string): Relation['columns'][number] | undefined => columns.find((one) => one.name === name);
  const features = loaded.flatMap(({ name, value, raw }) => {
    const { sql, isNumeric } = find(name)!;
    const number = numberOf(sql, isNumeric);
    const isWrong = `${sql} IS NOT NULL AND ${number} IS NULL`;
    const text = isNumeric ? 'NULL' : `CASE WHEN ${isWrong} THEN ${sql}::VARCHAR END`;
    return [`${number} AS ${value}`, `${text}::VARCHAR AS ${raw}`];
  });
  const label = find(target);
  return [...features, `${label ? labelOf(label.sql) : 'NULL::VARCHAR'} AS target`].join(', ');
}

/**
 * Reads the file once into the table `data`.
 *
 * @throws InputError when it cannot be read as a whole: that single rows cannot be is told by `malformed`
 */
export async function loadTable(
  database: Database,
  source: DataSource,
  schema: RawSchema,
  target: string,
): Promise<LoadedTable> {
  if (schema.some(({ name }) => name === target)) {
    throw new InputError(`The recipe names the target "${target}" as an input; a model must not be told the answer.`);
  }
  const relation = await relationOf(source, database);
  const header = relation.columns.map(({ name }) => name);
  checkNames(source, header, [...schema.map(({ name }) => name), target]);
  const columns = schema
    .filter(({ name }) => header.includes(name))
    .map((column, i) => ({ ...column, value: `x${i}`, raw: `raw${i}` }));
  try {
    await database.query(`CREATE TABLE data AS SELECT ${selection(relation, columns, target)} FROM ${relation.from}`);
  } catch (error) {
    if (!(error instanceof QueryError) || storageFailure(error)) throw error;
    // What DuckDB comes to where a file has both line feeds and carriage returns before them.
    const reason = error.message.includes('invalid state')
      ? 'its lines do not all end in the same way (LF or CRLF), or text follows a quote.'
      : error.message.split('\n').slice(0, 2).join(' ');
    throw new InputError(`${source.path} cannot be read: ${reason}`);
  }
  const malformed =
    source.format === 'csv' ? await readMalformedRows(database, source.path) : { count: 0, samples: [] };
  const { rows } = await database.one<{ rows: number }>('SELECT count(*) AS rows FROM data');
  if (rows === 0 && malformed.count === 0) throw new InputError(`${source.path} has a header but no rows.`);
  return { rows, columns, target, hasTarget: header.includes(target), header, malformed };
}
