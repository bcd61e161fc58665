import { UserError } from '#kit';

/** The first lines of a text do not tell how to read it: the message is what comes after "It cannot be read: ". */
export class CsvDialectError extends UserError {
  override readonly name = 'CsvDialectError';
}
