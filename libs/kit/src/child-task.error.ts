/** A task that came to no good end; the message says which, without a subject. */
export class ChildTaskError extends Error {
  override readonly name = 'ChildTaskError';

  constructor(
    message: string,
    /** What the task itself said of it. */
    readonly output?: string,
    /** Whether there was no child at all: another time there may be. */
    readonly isUnstarted = false,
  ) {
    super(message);
  }
}
