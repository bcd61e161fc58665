import { InvalidTensorError } from '../problem/invalid-tensor.error.js';

/**
 * Triton can load a model with another configuration or other files than the repository holds.
 *
 * @throws InvalidTensorError when the parameters of a request ask for that
 */
export function checkNoOverride(parameters: object): void {
  const override = Object.keys(parameters).find((name) => /^(config$|file:)/.test(name));
  if (override !== undefined) {
    throw new InvalidTensorError(
      `The parameter "${override}" would override the model's files, which never change here`,
    );
  }
}
