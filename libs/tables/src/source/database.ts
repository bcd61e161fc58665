import type { DuckDBConnection } from '@duckdb/node-api';
import { readRows, withDuckDb } from '../duckdb.js';
import { QueryError } from './query.error.js';

/** The queries of a validation or a cleaning, on a database of their own. */
export class Database {
  constructor(
    private readonly connection: DuckDBConnection,
    readonly signal: AbortSignal | undefined,
  ) {}

  /** Runs a callback with a temporary database, which is always removed afterwards. */
  static use<T>(
    memoryMegabytes: number,
    signal: AbortSignal | undefined,
    work: (database: Database) => Promise<T>,
  ): Promise<T> {
    return withDuckDb({ memoryMegabytes, signal }, (connection) => work(new Database(connection, signal)));
  }

  /** The rows of a query; integers of any size become numbers. */
  async query<T extends object>(sql: string): Promise<T[]> {
    this.signal?.throwIfAborted();
    try {
      return await readRows<T>(this.connection, sql);
    } catch (error) {
      // If the caller aborted, throw its own reason instead of DuckDB's error.
      this.signal?.throwIfAborted();
      throw new QueryError((error as Error).message, { cause: error });
    }
  }

  /** The first row of a query that always has one. */
  async one<T extends object>(sql: string): Promise<T> {
    return (await this.query<T>(sql))[0];
  }

  /** Creates a table from rows of texts, numbers, booleans and nulls. */
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

  /** Floating-point sums depend on the order of values; a single thread keeps it fixed. */
  async inOrder<T>(work: () => Promise<T>): Promise<T> {
    await this.query('SET threads = 1');
    const result = await work();
    await this.query('SET threads = 2');
    return result;
  }
}
