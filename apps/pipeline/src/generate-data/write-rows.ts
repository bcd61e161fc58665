import {
  BIGINT,
  DOUBLE,
  type DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTableFunction,
  type DuckDBValue,
} from '@duckdb/node-api';
import { literal } from '../data/duckdb.js';
import { COLUMNS } from './data-recipe.js';
import type { RowBatch } from './row-batches.js';

const valuesOf = (column: number, { rows, features }: RowBatch): DuckDBValue[] => {
  const isWhole = COLUMNS[column].type === 'integer';
  return Array.from(features[column].subarray(0, rows), (value) =>
    Number.isNaN(value) ? null : isWhole ? BigInt(value) : value,
  );
};

/** A table in SQL whose rows are the batches, made while DuckDB reads it. */
function tableOf(batches: Iterator<RowBatch, undefined>, onError: (error: unknown) => void): DuckDBTableFunction {
  const fill = (chunk: DuckDBDataChunk): void => {
    const batch = batches.next().value;
    chunk.rowCount = batch?.rows ?? 0;
    if (!batch) return;
    COLUMNS.forEach((_, c) => chunk.setColumnValues(c, valuesOf(c, batch)));
    chunk.setColumnValues(COLUMNS.length, Array.from(batch.target.subarray(0, batch.rows), BigInt));
  };
  return DuckDBTableFunction.create({
    name: 'generated_rows',
    bindFunction: (bind) => {
      for (const { name, type } of COLUMNS) bind.addResultColumn(name, type === 'integer' ? BIGINT : DOUBLE);
      bind.addResultColumn('target', BIGINT);
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
 * Writes batches as Parquet or as CSV with a header. One thread, so that row groups are cut at the same rows every
 * time; numbers in CSV are the shortest texts that are read back as the same float64.
 */
export async function writeRows(
  path: string,
  format: 'csv' | 'parquet',
  batches: Iterable<RowBatch, undefined>,
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '512MB' });
  const connection = await instance.connect();
  const options = { csv: 'FORMAT csv, HEADER', parquet: 'FORMAT parquet, COMPRESSION zstd' }[format];
  let failure: { readonly error: unknown } | undefined;
  try {
    connection.registerTableFunction(tableOf(batches[Symbol.iterator](), (error) => (failure = { error })));
    await connection.run(`COPY (SELECT * FROM generated_rows()) TO ${literal(path)} (${options})`);
  } catch (error) {
    throw failure ? failure.error : error;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
