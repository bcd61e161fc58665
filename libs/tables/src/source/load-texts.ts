import { type CsvDialect, MISSING_TOKENS, MISSING_WORDS } from '#schema';
import { InputError } from '#kit';
import type { Database } from './database.js';
import type { DataSource } from './data-source.js';
import type { LoadedTable } from './loaded-table.js';
import { readMalformedRows } from './malformed-rows.js';
import { readRows, unreadable } from './read-rows.js';
import { isToken } from './read-expressions.js';

/** A column of the file as text, in the table `texts`. */
export interface TextTableColumn {
  readonly name: string;
  /** SQL name of the cell: VARCHAR, null where a Parquet file has no value. */
  readonly text: string;
  /** SQL, true where the cell's text means a missing value. */
  readonly isMissing: string;
  /** The same for a column of texts. */
  readonly isMissingWord: string;
  /** DuckDB's type of the column in a Parquet file; VARCHAR in CSV. */
  readonly sqlType: string;
}

/** The table `texts`: every column of the file as text, in the file's order. */
export interface TextTable extends Pick<LoadedTable, 'rows' | 'malformed'> {
  readonly columns: readonly TextTableColumn[];
  readonly decimal: CsvDialect['decimal'];
}

/**
 * Reads the file once into the table `texts`, before the kinds of its columns are known.
 *
 * @throws InputError when it cannot be read, has a duplicate column name, or no row
 */
export async function loadTexts(database: Database, source: DataSource): Promise<TextTable> {
  let columns: readonly TextTableColumn[] = [];
  let decimal: CsvDialect['decimal'] = '.';
  try {
    await readRows(database, source, (relation) => {
      const twice = relation.columns.find(
        ({ name }, i) => relation.columns.findIndex((one) => one.name === name) !== i,
      );
      if (twice)
        throw new InputError(`${source.path} has the column "${twice.name}" twice; give each a name of its own.`);
      ({ decimal } = relation);
      columns = relation.columns.map(({ name, sqlType }, i) => ({
        name,
        text: `t${i}`,
        isMissing: `(t${i} IS NULL OR ${isToken(`t${i}`, MISSING_TOKENS)})`,
        isMissingWord: `(t${i} IS NULL OR ${isToken(`t${i}`, MISSING_WORDS)})`,
        sqlType,
      }));
      // A float32 as the exact number that training reads, not as the shortest text that identifies it.
      const cells = relation.columns.map(
        ({ sql, sqlType }, i) => `(${sql})${sqlType === 'FLOAT' ? '::DOUBLE' : ''}::VARCHAR AS t${i}`,
      );
      return `CREATE TABLE texts AS SELECT ${cells.join(', ')} FROM ${relation.from}`;
    });
  } catch (error) {
    throw unreadable(source, error);
  }
  const malformed = source.format === 'csv' ? await readMalformedRows(database, source) : { count: 0, samples: [] };
  const { rows } = await database.one<{ rows: number }>('SELECT count(*) AS rows FROM texts');
  if (rows === 0) throw new InputError(`${source.path} has a header but no rows.`);
  return { rows, columns, decimal, malformed };
}
