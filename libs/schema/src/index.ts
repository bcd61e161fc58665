export { CsvDialectError } from './csv-dialect.error.js';
export { type CsvDialect, MAX_HEADER_BYTES, sniffCsv } from './csv-dialect.js';
export { MISSING_TOKENS, missingTest } from './missing-tokens.js';
export type { RawColumn, RawSchema } from './raw-schema.js';
