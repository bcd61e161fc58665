export { CsvDialectError } from './csv-dialect.error.js';
export { type CsvDialect, MAX_HEADER_BYTES, sniffCsv } from './csv-dialect.js';
export { COLUMN_TYPES, type ColumnType, kindOf } from './kinds/index.js';
export { type ColumnKind, type JsonSchema, keepsLimits, type Limits } from './kinds/kind.js';
export { numberFromText } from './kinds/number-text.js';
export { sqlNumber } from './kinds/sql-number.js';
export { MISSING_TOKENS, missingTest } from './missing-tokens.js';
export type { RawColumn, RawSchema } from './raw-schema.js';
