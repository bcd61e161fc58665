import { received } from './invalid-input.js';

/** A tensor, or a request that carries tensors, which is not as the protocol or the model wants it. */
export class InvalidTensorError extends Error {
  override readonly name = 'InvalidTensorError';
}

/** Words a fault as the protocols' clients will read it: what, what it must be, what came. */
export function invalidTensor(what: string, expected: string, got: unknown): InvalidTensorError {
  return new InvalidTensorError(`${what} must be ${expected}; received ${inWords(got)}`);
}

function inWords(got: unknown): string {
  const shown = received(got);
  return typeof got === 'string' ? JSON.stringify(shown) : String(shown);
}
