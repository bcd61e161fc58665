import { writeJsonData } from '../../inference-protocol/tensors/json-data.js';
import { elementCount } from '../../inference-protocol/tensors/shape.js';
import type { NamedTensor } from '../../inference-protocol/tensors/tensor.js';

/** A tensor as JSON text, nested as its shape is. */
export function nestedJson(tensor: NamedTensor): string {
  const [size = 1, ...rest] = tensor.shape;
  if (rest.length === 0) return writeJsonData(tensor);
  const step = elementCount(rest);
  const parts = Array.from({ length: size }, (_, i) =>
    nestedJson({ ...tensor, shape: rest, data: tensor.data.slice(i * step, (i + 1) * step) }),
  );
  return `[${parts.join(',')}]`;
}
