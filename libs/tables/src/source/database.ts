import type { DuckDBConnection } from '@duckdb/node-api';
import { readRows, withDuckDb } from '../duckdb.js';
import { QueryError } from './query.error.js';

/** The queries of a validation or of the cleaning, on a database of its own. */
export class Database {
  constructor(
    private readonly connection: DuckDBConnection,
    readonly signal: AbortSignal | undefined,
  ) {}

  /** Lends a database and removes it afterwards, whatever happened. */
  static use<T>(
    memoryMegabytes: number,
    signal: AbortSignal | undefined,
    work: (database: Database) => Promise<T>,
  ): Promise<T> {
    return withDuckDb({ memoryMegabytes, signal }, (connection) => work(new Database(connection, signal)));
  }

  /** The rows of a query; whole numbers of any size come as numbers. */
  async query<T extends object>(sql: string): Promise<T[]> {
    this.signal?.throwIfAborted();
    try {
      return await readRows<T>(this.connection, sql);
    } catch (error) {
      // An interrupted query fails with DuckDB's own words; the caller asked for it and wants its own.
      this.signal?.throwIfAborted();
      throw new QueryError((error as Error).message, { cause: error });
    }
  }

  /** The first row of a query that always has one. */
  async one<T extends object>(sql: string): Promise<T> {
    return (await this.query<T>(sql))[0];
  }

  /** Makes a table of rows of texts, numbers, truths and nulls. */
  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly (string | number | boolean | null)[])[],
  ): Promise<void> {
    await this.query(`CREATE TABLE ${table} (${columns.join(', ')})`);
    const appender = await this.connection.createAppender(table);
    for (const row of rows) {
      for (const cell of row) {
        if (cell === null) appender.appendNull();
        else if (typeof cell === 'string') appender.appendVarchar(cell);
        else if (typeof cell === 'number') appender.appendDouble(cell);
        else appender.appendBoolean(cell);
      }
      appender.endRow();
    }
    appender.closeSync();
  }

  /** Floating-point sums depend on the order of the values: on one thread it is always the same. */
  async inOrder<T>(work: () => Promise<T>): Promise<T> {
    await this.query('SET threads = 1');
    const result = await work();
    await this.query('SET threads = 2');
    return result;
  }
}
