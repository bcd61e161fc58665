import { UserError } from '#kit';

/** A request that cannot be trained; the message says what is wrong and what is allowed. */
export class LearnerError extends UserError {
  override readonly name = 'LearnerError';
}
