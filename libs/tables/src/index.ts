export {
  type CellReader,
  type DuckDBConnection,
  identifier,
  literal,
  type OpenedDatabase,
  openDuckDb,
  parquetTable,
  readColumns,
  readMixed,
  readRows,
  withDuckDb,
} from './duckdb.js';
export { extendTable } from './extend-table.js';
export { openDataSource } from './source/data-source.js';
export { Database } from './source/database.js';
export { loadTexts, type TextTableColumn, type TextTable } from './source/load-texts.js';
export { loadTable } from './source/load-table.js';
export type { LoadedColumn, LoadedTable } from './source/loaded-table.js';
export { malformedText } from './source/malformed-rows.js';
export { MAX_SAMPLES, type SampleRow } from './source/sample-row.js';
export { writeTable } from './write-table.js';
