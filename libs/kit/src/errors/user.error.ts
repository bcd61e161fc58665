/** An error that the user can fix: shown as one sentence, without a stack trace. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
