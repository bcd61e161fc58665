import { InvalidTensorError } from '../problem/invalid-tensor.error.js';

/**
 * Triton can load a model with a configuration or files that differ from the repository's; this server refuses that.
 *
 * @throws InvalidTensorError if the parameters of a request ask for it
 */
export function checkNoOverride(parameters: object): void {
  const override = Object.keys(parameters).find((name) => /^(config$|file:)/.test(name));
  if (override !== undefined) {
    throw new InvalidTensorError(
      `The parameter "${override}" would override the model's files, which never change here`,
    );
  }
}
