import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';

export type { DuckDBConnection } from '@duckdb/node-api';

const MEMORY_MEGABYTES = 500;

export interface DuckDbOptions {
  /** Beyond it, DuckDB spills to temporary files. */
  readonly memoryMegabytes?: number;
  /** Interrupts the running query. */
  readonly signal?: AbortSignal;
}

/** A database in a temporary folder, removed with it. Tables are compressed on disk, so data may exceed memory. */
export interface OpenedDatabase {
  readonly connection: DuckDBConnection;
  readonly close: () => Promise<void>;
}

/** Opens a database for callers that cannot pass a callback, such as a generator; others use {@link withDuckDb}. */
export async function openDuckDb(memoryMegabytes = MEMORY_MEGABYTES): Promise<OpenedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'skewless-duckdb-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // Lazy, because it takes long to load.
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(join(folder, 'data.db'), {
      memory_limit: `${memoryMegabytes}MB`,
      temp_directory: join(folder, 'spill'),
      threads: '2',
    });
    const connection = await instance.connect();
    // Or closing would write to disk what is removed with the folder.
    await connection.run('PRAGMA disable_checkpoint_on_shutdown');
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
 * Runs a callback with a connection to a temporary database, which is always removed afterwards.
 *
 * @throws the signal's reason when it aborts, instead of DuckDB's interruption error
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

/** An SQL identifier for any name. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An SQL string literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The path of a file as an SQL literal: escapes `*`, `?` and `[`, which DuckDB takes for patterns. */
export const fileLiteral = (path: string): string => literal(path.replace(/[*?[]/g, '[$&]'));

/** A Parquet file as an SQL table. */
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

/** Converts a text to a number. */
export type CellReader = (text: string) => number;

/**
 * As {@link readColumns}, for columns of numbers or texts.
 *
 * @param readers convert each column's texts, called once per distinct text; none where all values are numbers
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
