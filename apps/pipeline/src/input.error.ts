/** Something the user gave that cannot be used: printed as one sentence, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
