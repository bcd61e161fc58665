import { UserError } from './user.error.js';

/** Another process holds the lock of these files. Exit code 75: the command may be retried later. */
export class BusyError extends UserError {
  override readonly name = 'BusyError';
}
