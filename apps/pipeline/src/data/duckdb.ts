import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Enough for 10 million rows of a few columns; DuckDB spills to disk beyond it. */
const SETTINGS = { memory_limit: '800MB', threads: '2' };

/** Lends a connection to an in-memory database. */
export async function withDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', SETTINGS);
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** An SQL identifier, whatever characters the name has. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An SQL text. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The table function that reads a data file: Parquet by its name, else CSV with a header. */
export const source = (path: string): string =>
  path.endsWith('.parquet') ? `read_parquet(${literal(path)})` : `read_csv(${literal(path)}, header = true)`;

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
