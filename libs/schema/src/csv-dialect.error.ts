import { UserError } from '#kit';

/** The dialect of a CSV text is unclear from its first lines. The message follows "It cannot be read: ". */
export class CsvDialectError extends UserError {
  override readonly name = 'CsvDialectError';
}
