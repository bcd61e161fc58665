import { UserError } from '#kit';

/** Training was asked for what cannot be trained: the message says what is wrong and what is allowed. */
export class LearnerError extends UserError {
  override readonly name = 'LearnerError';
}
