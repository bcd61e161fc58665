import { storageFailure, UserError } from '#kit';

/** What a server that cannot start says: a sentence where its user can mend it, else where the program failed, too. */
export function startFailure(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  const isOfUser =
    error instanceof UserError || code?.startsWith('ERR_PARSE_ARGS') || storageFailure(error) !== undefined;
  return isOfUser ? `error: ${message}` : `error: ${message}\n${stack}`;
}
