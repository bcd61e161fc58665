import { received } from '#kit';

/** A tensor, or a request with tensors, that violates the protocol or does not fit the model. */
export class InvalidTensorError extends Error {
  override readonly name = 'InvalidTensorError';
}

/** Words a fault for clients of the protocols: what, the expected value, the received value. */
export function invalidTensor(what: string, expected: string, got: unknown): InvalidTensorError {
  return new InvalidTensorError(`${what} must be ${expected}; received ${inWords(got)}`);
}

function inWords(got: unknown): string {
  const shown = received(got);
  return typeof got === 'string' ? JSON.stringify(shown) : String(shown);
}
