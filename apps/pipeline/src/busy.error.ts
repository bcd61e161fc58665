/** Somebody else is at work on the same files: exit code 75, as it may be tried again later. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}
