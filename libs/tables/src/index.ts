export {
  type DuckDBConnection,
  identifier,
  literal,
  type OpenedDatabase,
  openDuckDb,
  parquetTable,
  readColumns,
  readRows,
  withDuckDb,
} from './duckdb.js';
export { openDataSource } from './source/data-source.js';
export { Database } from './source/database.js';
export { loadTable } from './source/load-table.js';
export type { LoadedColumn, LoadedTable } from './source/loaded-table.js';
export { MAX_SAMPLES, type SampleRow } from './source/sample-row.js';
export { writeTable } from './write-table.js';
