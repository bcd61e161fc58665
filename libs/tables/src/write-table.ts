import type * as DuckDb from '@duckdb/node-api';
import type { DuckDBDataChunk, DuckDBTableFunction, DuckDBValue } from '@duckdb/node-api';
import { literal } from './duckdb.js';

export interface WrittenColumn {
  readonly name: string;
  readonly isWhole: boolean;
}

/** One array per column, of equal lengths; NaN is missing. */
type Batch = readonly ArrayLike<number>[];

const valuesOf = (values: ArrayLike<number>, isWhole: boolean): DuckDBValue[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : isWhole ? BigInt(value) : value));

/** An SQL table function that yields the batches, produced while DuckDB reads it. */
function tableOf(
  { BIGINT, DOUBLE, DuckDBTableFunction }: typeof DuckDb,
  columns: readonly WrittenColumn[],
  batches: Iterator<Batch, undefined>,
  onError: (error: unknown) => void,
): DuckDBTableFunction {
  const fill = (chunk: DuckDBDataChunk): void => {
    const batch = batches.next().value;
    chunk.rowCount = batch?.[0].length ?? 0;
    batch?.forEach((values, c) => chunk.setColumnValues(c, valuesOf(values, columns[c].isWhole)));
  };
  return DuckDBTableFunction.create({
    name: 'given_rows',
    bindFunction: (bind) => {
      for (const { name, isWhole } of columns) bind.addResultColumn(name, isWhole ? BIGINT : DOUBLE);
    },
    initFunction: (init) => init.setMaxThreads(1),
    mainFunction: (info, chunk) => {
      try {
        fill(chunk);
      } catch (error) {
        onError(error);
        info.setError('stopped');
      }
    },
  });
}

/**
 * Writes batches as Parquet, or as CSV with a header. It uses one thread, so that row groups are deterministic; numbers
 * in CSV are the shortest texts that parse to the same float64.
 *
 * @throws the errors of the batches
 */
export async function writeTable(
  path: string,
  format: 'csv' | 'parquet',
  columns: readonly WrittenColumn[],
  batches: Iterable<Batch, undefined>,
): Promise<void> {
  // Lazy, because it takes long to load.
  const duckDb = await import('@duckdb/node-api');
  const instance = await duckDb.DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '512MB' });
  const connection = await instance.connect();
  const options = { csv: 'FORMAT csv, HEADER', parquet: 'FORMAT parquet, COMPRESSION zstd' }[format];
  let failure: { readonly error: unknown } | undefined;
  try {
    connection.registerTableFunction(
      tableOf(duckDb, columns, batches[Symbol.iterator](), (error) => (failure = { error })),
    );
    await connection.run(`COPY (SELECT * FROM given_rows()) TO ${literal(path)} (${options})`);
  } catch (error) {
    throw failure ? failure.error : error;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
