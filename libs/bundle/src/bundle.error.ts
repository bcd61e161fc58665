import { UserError } from '#kit';

/** A bundle that must not be served; the message says which file, what is wrong and how to fix it. */
export class BundleError extends UserError {
  override readonly name = 'BundleError';

  constructor(
    readonly file: string,
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`${file}: ${problem}. ${remedy}.`);
  }
}
