import { UserError } from '#kit';

/** A bundle that must not serve: which file, what is wrong with it, and how to mend it. */
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
