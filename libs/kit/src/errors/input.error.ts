import { UserError } from './user.error.js';

/** Unusable input of the user: printed as one sentence, exit code 2. */
export class InputError extends UserError {
  override readonly name = 'InputError';

  constructor(
    message: string,
    /** The user stopped the command. */
    readonly stopped = false,
  ) {
    super(message);
  }
}
