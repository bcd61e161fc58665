import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { readRows } from '../../data/duckdb.js';
import { QueryError } from './query.error.js';

/**
 * A DuckDB database in a temporary folder: tables are compressed on disk, and what exceeds the memory limit is
 * spilled beside them, so the size of the data does not matter.
 */
export class Database {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Lends a database and removes it afterwards, whatever happened. */
  static async use<T>(
    memoryMegabytes: number,
    signal: AbortSignal | undefined,
    work: (database: Database) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const folder = await mkdtemp(join(tmpdir(), 'skewless-validate-'));
    try {
      const instance = await DuckDBInstance.create(join(folder, 'validate.db'), {
        memory_limit: `${memoryMegabytes}MB`,
        temp_directory: join(folder, 'spill'),
        threads: '2',
      });
      const database = new Database(instance, await instance.connect(), signal);
      return await database.lend(work);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async lend<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const interrupt = (): void => this.connection.interrupt();
    this.signal?.addEventListener('abort', interrupt);
    try {
      return await work(this);
    } finally {
      this.signal?.removeEventListener('abort', interrupt);
      this.connection.closeSync();
      this.instance.closeSync();
    }
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

  /** Floating-point sums depend on the order of the values: on one thread it is always the same. */
  async inOrder<T>(work: () => Promise<T>): Promise<T> {
    await this.query('SET threads = 1');
    const result = await work();
    await this.query('SET threads = 2');
    return result;
  }
}
