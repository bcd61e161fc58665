import { inSteps } from '../../http/steps.js';
import { readBinarySteps } from '../tensors/binary-data.js';
import { FIXED_DATATYPES } from '../tensors/datatype.js';
import { InvalidTensorError } from '../../problem/invalid-tensor.error.js';
import { elementCount } from '../tensors/shape.js';
import type { TensorSpec } from '../tensors/tensor.js';
import type { RestInferRequest } from './read-infer-request.js';

/** The only element of a text tensor, prefixed with its length as in binary form. */
function asElement(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The shape that follows from a tensor's size in bytes. */
function deduceShape({ datatype, shape }: TensorSpec, bytes: number): number[] | undefined {
  if (datatype === 'BYTES') return shape.every((size) => size === 1 || size === -1) ? shape.map(() => 1) : undefined;
  const variable = shape.filter((size) => size === -1).length;
  if (variable === 0) return [...shape];
  const rest = elementCount(shape.filter((size) => size !== -1)) * FIXED_DATATYPES[datatype].bytes;
  const size = bytes / rest;
  return variable === 1 && Number.isInteger(size) ? shape.map((given) => (given === -1 ? size : given)) : undefined;
}

/**
 * Reads a raw binary request: `Inference-Header-Content-Length: 0`, the body is the data of the model's only input. All
 * outputs are answered in binary form.
 *
 * @throws InvalidTensorError if the model has several inputs, or the shape does not follow from the size
 */
export async function readRawRequest(binary: Buffer, inputs: readonly TensorSpec[]): Promise<RestInferRequest> {
  if (inputs.length !== 1) {
    throw new InvalidTensorError(
      `A request without JSON (Inference-Header-Content-Length: 0) is for models of one input; this one has ${inputs.length}`,
    );
  }
  const [{ name, datatype }] = inputs;
  const shape = deduceShape(inputs[0], binary.length);
  if (!shape) {
    throw new InvalidTensorError(
      `The shape of input "${name}", [${inputs[0].shape.join(', ')}], does not follow from ${binary.length} bytes of ${datatype}: send the JSON that states it`,
    );
  }
  const bytes = datatype === 'BYTES' ? asElement(binary) : binary;
  const data = await inSteps(readBinarySteps(bytes, datatype, shape, `input "${name}"`));
  return { inputs: [{ name, datatype, shape, data }], isBinary: () => true };
}
