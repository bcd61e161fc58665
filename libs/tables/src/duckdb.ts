import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

export type { DuckDBConnection } from '@duckdb/node-api';

const MEMORY_MEGABYTES = 500;

export interface DuckDbOptions {
  /** Beyond it, work goes to temporary files. */
  readonly memoryMegabytes?: number;
  /** Interrupts the query that runs. */
  readonly signal?: AbortSignal;
}

/** A database in a temporary folder, which goes with it: tables are compressed on disk, so the size of the data does not matter. */
export interface OpenedDatabase {
  readonly connection: DuckDBConnection;
  readonly close: () => Promise<void>;
}

/** Opens one for those whose work is no call, such as a generator; others take {@link withDuckDb}. */
export async function openDuckDb(memoryMegabytes = MEMORY_MEGABYTES): Promise<OpenedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'skewless-duckdb-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // Only now: it takes long to load.
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(join(folder, 'data.db'), {
      memory_limit: `${memoryMegabytes}MB`,
      temp_directory: join(folder, 'spill'),
      threads: '2',
    });
    const connection = await instance.connect();
    const close = (): Promise<void> => {
      connection.closeSync();
      instance.closeSync();
      return remove();
    };
    return { connection, close };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Lends a connection to a database in a temporary folder, removed afterwards whatever happened.
 *
 * @throws the signal's reason when it aborts, not what DuckDB calls an interruption
 */
export async function withDuckDb<T>(
  { memoryMegabytes, signal }: DuckDbOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const { connection, close } = await openDuckDb(memoryMegabytes);
  const interrupt = (): void => connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    return await work(connection);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await close();
  }
}

/** An SQL identifier, whatever characters the name has. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An SQL text. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A file to read, as SQL text: DuckDB takes `*`, `?` and `[` in a path for patterns. */
export const fileLiteral = (path: string): string => literal(path.replace(/[*?[]/g, '[$&]'));

/** The table that a Parquet file is. */
export const parquetTable = (path: string): string => `read_parquet(${fileLiteral(path)})`;

/**
 * Reads the columns of a query as float64, null as NaN.
 *
 * @param sql selects columns that cast to DOUBLE
 */
export async function readColumns(connection: DuckDBConnection, sql: string): Promise<Float64Array<ArrayBuffer>[]> {
  const count = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM (${sql})`);
  const rows = Number(count.getRows()[0][0]);
  const result = await connection.stream(`SELECT COLUMNS(*)::DOUBLE FROM (${sql})`);
  const columns = Array.from({ length: result.columnCount }, () => new Float64Array(rows));
  for (let start = 0; ;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return columns;
    columns.forEach((column, c) => {
      const vector = chunk.getColumnVector(c);
      for (let i = 0; i < chunk.rowCount; i++) column[start + i] = (vector.getItem(i) as number | null) ?? NaN;
    });
    start += chunk.rowCount;
  }
}

/** The number behind a text. */
export type CellReader = (text: string) => number;

/**
 * As {@link readColumns}, of columns that are numbers or texts.
 *
 * @param readers of the texts of each column, asked once for each different one; none where there can only be numbers
 */
export async function readMixed(
  connection: DuckDBConnection,
  sql: string,
  readers: readonly (CellReader | undefined)[],
): Promise<Float64Array<ArrayBuffer>[]> {
  const count = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM (${sql})`);
  const rows = Number(count.getRows()[0][0]);
  const result = await connection.stream(sql);
  const columns = Array.from({ length: result.columnCount }, () => new Float64Array(rows));
  const known = columns.map(() => new Map<string, number>());
  for (let start = 0; ;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return columns;
    columns.forEach((column, c) => {
      const vector = chunk.getColumnVector(c);
      for (let i = 0; i < chunk.rowCount; i++) {
        const cell = vector.getItem(i);
        if (typeof cell !== 'string') {
          column[start + i] = cell === null ? NaN : Number(cell);
          continue;
        }
        let number = known[c].get(cell);
        if (number === undefined) known[c].set(cell, (number = readers[c]!(cell)));
        column[start + i] = number;
      }
    });
    start += chunk.rowCount;
  }
}

/** The rows of a query as plain objects with numbers, texts and nulls. */
export async function readRows<T>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  const result = await connection.runAndReadAll(sql);
  return result
    .getRowObjectsJS()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
      ),
    ) as T[];
}
