import { storageFailure, UserError } from '#kit';

/** The message of a server that cannot start: a sentence if the user can fix it, otherwise with a stack trace. */
export function startFailure(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  const isOfUser =
    error instanceof UserError || code?.startsWith('ERR_PARSE_ARGS') || storageFailure(error) !== undefined;
  return isOfUser ? `error: ${message}` : `error: ${message}\n${stack}`;
}
