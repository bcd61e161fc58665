import { InputError, storageFailure } from '#kit';
import type { Database } from './database.js';
import type { DataSource } from './data-source.js';
import { withPlainCopy } from './plain-copy.js';
import { QueryError } from './query.error.js';
import { type Relation, relationOf } from './read-expressions.js';

/** DuckDB's error where line ends are mixed, or where text follows a quote. */
const isAboutLineEnds = (error: unknown): boolean =>
  error instanceof QueryError && error.message.includes('invalid state');

/**
 * Reads the rows of a file by a statement; a CSV file that DuckDB cannot read is read from a plain copy.
 *
 * @param statement builds the SQL from the relation of the rows
 */
export async function readRows(
  database: Database,
  source: DataSource,
  statement: (relation: Relation) => string,
): Promise<void> {
  const read = async (path: string): Promise<void> => {
    await database.query(statement(await relationOf(source, path, database)));
  };
  if (source.format === 'parquet') return read(source.path);
  const { dialect, isHeaderOfLines } = source;
  // With CRLF line ends, DuckDB silently finds no row below a header that spans several lines.
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

/** The error for rows that could not be read: an InputError where the file is to blame. */
export function unreadable({ path }: DataSource, error: unknown): unknown {
  if (!(error instanceof QueryError) || storageFailure(error)) return error;
  const reason = isAboutLineEnds(error)
    ? 'text follows a quote that ends a cell.'
    : error.message.split('\n').slice(0, 2).join(' ');
  return new InputError(`${path} cannot be read: ${reason}`);
}
