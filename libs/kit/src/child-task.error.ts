/** A task that failed; the message is a predicate without a subject. */
export class ChildTaskError extends Error {
  override readonly name = 'ChildTaskError';

  constructor(
    message: string,
    /** The message of the task itself. */
    readonly output?: string,
    /** Whether no child could be started: a later attempt may succeed. */
    readonly isUnstarted = false,
  ) {
    super(message);
  }
}
