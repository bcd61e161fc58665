export { type CsvDialect, MAX_HEADER_BYTES, sniffCsv } from './csv-dialect.js';
export { CsvDialectError } from './csv-dialect.error.js';
export { missingTest, MISSING_TOKENS } from './missing-tokens.js';
