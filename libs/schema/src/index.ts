export { CsvDialectError } from './csv-dialect.error.js';
export { type CsvDialect, MAX_HEADER_BYTES, sniffCsv } from './csv-dialect.js';
export { COLUMN_TYPES, kindOf } from './kinds/index.js';
export { byCodePoint } from './kinds/code-points.js';
export { type ColumnKind, type ColumnReader, type JsonSchema, keepsLimits, type NumberLimits } from './kinds/kind.js';
export { sqlNumber } from './kinds/sql-number.js';
export { UNKNOWN_CODE, unknownNumber, withVocabulary } from './kinds/vocabulary.js';
export { MISSING_TOKENS, MISSING_WORDS, missingTest } from './missing-tokens.js';
export type { CellValue, ColumnType, RawColumn, RawSchema, VocabularyColumn } from './raw-schema.js';
