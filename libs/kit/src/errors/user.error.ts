/** What went wrong for the user's reasons: it is told in a sentence, without a stack trace. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
