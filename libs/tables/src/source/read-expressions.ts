import { type ColumnKind, type CsvDialect, MISSING_TOKENS, sqlNumber } from '#schema';
import { fileLiteral, identifier, literal, parquetTable } from '../duckdb.js';
import { InputError } from '#kit';
import type { Database } from './database.js';
import type { DataSource } from './data-source.js';
import { QueryError } from './query.error.js';

interface RelationColumn {
  /** Name in the file. */
  readonly name: string;
  readonly sql: string;
  /** VARCHAR in CSV, where types are not guessed. */
  readonly sqlType: string;
  readonly isNumeric: boolean;
}

/** A file as SQL: the table function, and its columns. */
export interface Relation {
  readonly from: string;
  readonly columns: readonly RelationColumn[];
  readonly decimal: CsvDialect['decimal'];
}

const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/;

/** Columns by position, all as text: names may repeat or differ only in case, and types are never guessed. */
function csvRelation(path: string, { header, dialect }: Extract<DataSource, { format: 'csv' }>): Relation {
  const columns = header.map((name, i) => ({ name, sql: `column${i}`, sqlType: 'VARCHAR', isNumeric: false }));
  const types = columns.map(({ sql }) => `'${sql}': 'VARCHAR'`).join(', ');
  return {
    columns,
    decimal: dialect.decimal,
    from: `read_csv(${fileLiteral(path)}, auto_detect = false, header = true, delim = ${literal(dialect.delimiter)}, quote = '"',
      escape = '"', skip = ${dialect.skipLines}, columns = {${types}}, store_rejects = true, rejects_limit = 0)`,
  };
}

async function parquetRelation(path: string, database: Database): Promise<Relation> {
  const from = parquetTable(path);
  try {
    const found = await database.query<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${from}`);
    return {
      from,
      decimal: '.',
      columns: found.map(({ column_name: name, column_type: type }) => ({
        name,
        sql: identifier(name),
        sqlType: type,
        isNumeric: NUMERIC.test(type),
      })),
    };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw new InputError(`${path} is a damaged Parquet file: ${error.message.split('\n')[0]}`);
  }
}

/** The index as pandas writes it: in CSV the first column, without a name. */
const isIndex = ({ name }: RelationColumn, i: number): boolean =>
  (i === 0 && name === '') || name === '__index_level_0__';

/**
 * @param path of the rows: the source itself, or a plain copy
 * @returns a relation without the index column that pandas writes
 */
export async function relationOf(source: DataSource, path: string, database: Database): Promise<Relation> {
  const relation = source.format === 'csv' ? csvRelation(path, source) : await parquetRelation(path, database);
  return { ...relation, columns: relation.columns.filter((column, i) => !isIndex(column, i)) };
}

/** White space that `String.trim` removes, as far as tables contain it. */
const BLANKS = ' \t\n\r\u00a0';

export const isToken = (text: string, missing: readonly string[]): string =>
  missing.length === 0
    ? 'false'
    : // No IN, for which DuckDB allocates memory per token: a gigabyte for 100 columns.
      `list_contains([${missing.map((token) => literal(token.trim())).join(', ')}], trim(${text}, ${literal(BLANKS)}))`;

/** The missing tokens that are numbers, as SQL numbers. */
function numberTokens(missing: readonly string[]): string[] {
  const numbers = missing.filter((token) => token.trim() !== '' && Number.isFinite(Number(token)));
  const notANumber = missing.some((token) => /^[+-]?nan$/i.test(token.trim())) ? [NaN] : [];
  return [...numbers.map(Number), ...notANumber].map(sqlNumber);
}

/** A cell as a value of the kind, null where missing or misfitting; and as text, null everywhere but for misfits. */
export function valueCell(
  { sqlType, sqlFromText }: ColumnKind,
  { sql, isNumeric }: RelationColumn,
  decimal: CsvDialect['decimal'],
  missing: readonly string[] = MISSING_TOKENS,
): { readonly value: string; readonly raw: string } {
  // The column's reader decides later.
  if (!sqlFromText) return { value: `NULL::${sqlType}`, raw: `${sql}::VARCHAR` };
  if (isNumeric) return { value: `${sql}::${sqlType}`, raw: 'NULL::VARCHAR' };
  const text = `${sql}::VARCHAR`;
  const found = sqlFromText?.(text, decimal) ?? `NULL::${sqlType}`;
  const tokens = numberTokens(missing);
  return {
    value: tokens.reduce((value, token) => `nullif(${value}, ${token})`, found),
    raw: `CASE WHEN ${text} IS NULL OR ${found} IS NOT NULL THEN NULL WHEN ${isToken(text, missing)} THEN NULL ELSE ${text} END`,
  };
}

/** A cell as text, null where missing. */
export function textCell({ sql, isNumeric }: RelationColumn, missing: readonly string[] = MISSING_TOKENS): string {
  const text = `${sql}::VARCHAR`;
  return isNumeric ? text : `CASE WHEN ${isToken(text, missing)} THEN NULL ELSE ${text} END`;
}
