import { UserError } from './user.error.js';

/** Somebody else is at work on the same files: exit code 75, as it may be tried again later. */
export class BusyError extends UserError {
  override readonly name = 'BusyError';
}
