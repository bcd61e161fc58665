import { fileLiteral, identifier, parquetTable } from '../../data/duckdb.js';
import { InputError } from '../../input.error.js';
import type { Database } from './database.js';
import type { DataSource } from './data-source.js';
import { QueryError } from './query.error.js';

/** How to read a file in SQL: the table function, and each column's name in the file and in SQL, and type. */
export interface Relation {
  readonly from: string;
  readonly columns: readonly { readonly name: string; readonly sql: string; readonly isNumeric: boolean }[];
}

const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/;

/** Columns by position, all text: names may repeat or differ only in case, and no type is ever guessed. */
function csvRelation(path: string, header: readonly string[]): Relation {
  const columns = header.map((name, i) => ({ name, sql: `column${i}`, isNumeric: false }));
  const types = columns.map(({ sql }) => `'${sql}': 'VARCHAR'`).join(', ');
  return {
    columns,
    from: `read_csv(${fileLiteral(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
      columns = {${types}}, store_rejects = true, rejects_limit = 0)`,
  };
}

async function parquetRelation(path: string, database: Database): Promise<Relation> {
  const from = parquetTable(path);
  try {
    const found = await database.query<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${from}`);
    return {
      from,
      columns: found.map(({ column_name: name, column_type: type }) => ({
        name,
        sql: identifier(name),
        isNumeric: NUMERIC.test(type),
      })),
    };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new InputError(`${path} is a damaged Parquet file: ${error.message.split('\n')[0]}`);
  }
}

export function relationOf(source: DataSource, database: Database): Promise<Relation> | Relation {
  return source.format === 'csv' ? csvRelation(source.path, source.header) : parquetRelation(source.path, database);
}

/** Text as a number where it is one; DuckDB also takes 1_000 for one, which nothing else reads. */
export const numberOf = (sql: string, isNumeric: boolean): string =>
  isNumeric
    ? `${sql}::DOUBLE`
    : `CASE WHEN contains(${sql}::VARCHAR, '_') THEN NULL ELSE TRY_CAST(${sql}::VARCHAR AS DOUBLE) END`;

/** A class label as text: 1, 1.0 and "1" are one class, 01 is another. */
export const labelOf = (sql: string): string => {
  const number = numberOf(sql, false);
  const isWhole = `isfinite(${number}) AND ${number} = floor(${number}) AND abs(${number}) < 9e15`;
  const isCode = `regexp_matches(${sql}::VARCHAR, '^\\s*[+-]?0[0-9]')`;
  return `CASE WHEN ${isWhole} AND NOT ${isCode} THEN ${number}::BIGINT::VARCHAR ELSE ${sql}::VARCHAR END`;
};
