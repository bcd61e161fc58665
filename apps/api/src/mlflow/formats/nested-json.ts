import { writeJsonData } from '../../inference-protocol/tensors/json-data.js';
import { elementCount } from '../../inference-protocol/tensors/shape.js';
import type { NamedTensor } from '../../inference-protocol/tensors/tensor.js';

const PIECE_CHARACTERS = 65_536;

/** A tensor as JSON text, nested by its shape, piece by piece. */
export function* nestedJson(tensor: NamedTensor): Generator<string, void> {
  const [size = 1, ...rest] = tensor.shape;
  if (rest.length === 0) return yield* writeJsonData(tensor);
  const step = elementCount(rest);
  let piece = '[';
  for (let i = 0; i < size; i++) {
    const part = { ...tensor, shape: rest, data: tensor.data.slice(i * step, (i + 1) * step) };
    for (const text of nestedJson(part)) piece += text;
    if (piece.length >= PIECE_CHARACTERS) {
      yield piece;
      piece = '';
    }
    if (i < size - 1) piece += ',';
  }
  yield `${piece}]`;
}
