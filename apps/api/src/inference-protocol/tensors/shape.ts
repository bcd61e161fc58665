import { invalidTensor } from '../../problem/invalid-tensor.error.js';

/** More dimensions than any model has; a limit, because nested data are read recursively. */
const MAX_RANK = 32;

/** The number of elements of a tensor of this shape. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1);

/**
 * Checks that a shape is valid for data: no size is variable.
 *
 * @throws InvalidTensorError
 */
export function checkShape(shape: unknown, tensor: string): asserts shape is number[] {
  if (!Array.isArray(shape) || shape.length > MAX_RANK) {
    throw invalidTensor(`The shape of ${tensor}`, `an array of at most ${MAX_RANK} whole numbers`, shape);
  }
  const wrong = shape.findIndex((size) => !Number.isSafeInteger(size) || (size as number) < 0);
  if (wrong !== -1) throw invalidTensor(`shape[${wrong}] of ${tensor}`, 'a whole number of at least 0', shape[wrong]);
  if (!Number.isSafeInteger(elementCount(shape as number[]))) {
    throw invalidTensor(`The shape of ${tensor}`, 'of fewer than 2^53 elements', `[${shape.join(', ')}]`);
  }
}
