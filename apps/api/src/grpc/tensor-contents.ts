import { readString } from '../inference-protocol/tensors/binary-data.js';
import { FIXED_DATATYPES } from '../inference-protocol/tensors/datatype.js';
import { InvalidTensorError, invalidTensor } from '../inference-protocol/tensors/invalid-tensor.error.js';
import { elementCount } from '../inference-protocol/tensors/shape.js';
import type { Datatype, NamedTensor, TensorData } from '../inference-protocol/tensors/tensor.js';
import type { ContentsField, InferTensorContents } from './messages.js';

/** Where the elements of a datatype are. */
const FIELDS: Readonly<Record<Datatype, ContentsField>> = {
  BOOL: 'bool_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

/**
 * Reads a tensor from the field for its datatype.
 *
 * @param tensor names it in errors
 * @throws InvalidTensorError when another field holds elements, or they are not as many as the shape has
 */
export function readContents(
  contents: InferTensorContents | null,
  datatype: Datatype,
  shape: readonly number[],
  tensor: string,
): TensorData {
  const field = FIELDS[datatype];
  const wrong = Object.entries<readonly unknown[]>({ ...contents }).find(
    ([name, values]) => name !== field && values.length > 0,
  );
  if (wrong) {
    throw new InvalidTensorError(`The contents of ${tensor} must be in ${field} for ${datatype}; received ${wrong[0]}`);
  }
  const values = contents?.[field] ?? [];
  const count = elementCount(shape);
  if (values.length !== count) {
    throw new InvalidTensorError(
      `${field} of ${tensor} must have ${count} elements for its shape [${shape.join(', ')}]; received ${values.length}`,
    );
  }
  if (datatype === 'BYTES') return (values as Uint8Array[]).map((bytes, i) => readString(bytes, i, tensor));
  const { array, bytes, range } = FIXED_DATATYPES[datatype];
  if (bytes === 8 && range) return (array as typeof BigInt64Array).from(values as string[], BigInt);
  if (range && bytes < 4) checkRange(values as number[], range, `${field} of ${tensor}`);
  return (array as typeof Float64Array).from(values as number[], Number);
}

/** Fields carry 32 bits; datatypes of fewer must not be cut. */
function checkRange(values: readonly number[], [minimum, maximum]: readonly [number, number], what: string): void {
  const wrong = values.findIndex((value) => value < minimum || value > maximum);
  if (wrong !== -1) {
    throw invalidTensor(`Element ${wrong} of ${what}`, `a whole number from ${minimum} to ${maximum}`, values[wrong]);
  }
}

/** A tensor's elements in the field for its datatype. */
export function writeContents({ datatype, data }: NamedTensor): InferTensorContents {
  const field = FIELDS[datatype];
  if (field === 'bytes_contents') return { [field]: (data as readonly string[]).map((text) => Buffer.from(text)) };
  if (field === 'int64_contents' || field === 'uint64_contents') {
    return { [field]: Array.from(data as BigInt64Array, String) };
  }
  if (field === 'bool_contents') return { [field]: Array.from(data as Uint8Array, Boolean) };
  return { [field]: Array.from(data as Float64Array) };
}
