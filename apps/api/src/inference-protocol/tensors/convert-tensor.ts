import { eachSlice, type Steps } from '../../http/steps.js';
import { FIXED_DATATYPES } from './datatype.js';
import { InvalidTensorError, invalidTensor } from '../../problem/invalid-tensor.error.js';
import type { Datatype, NamedTensor, TensorSpec } from './tensor.js';

const isFloat = (datatype: Datatype): boolean => datatype === 'FP32' || datatype === 'FP64';

/** Whether elements are numbers, not texts or booleans. */
export const isNumeric = (datatype: Datatype): boolean => datatype !== 'BYTES' && datatype !== 'BOOL';

/** Whether numbers of one datatype may be converted to another: wherever the conversion can be lossless. */
export function isConvertible(from: Datatype, to: Datatype): boolean {
  if (!isNumeric(from) || !isNumeric(to) || isFloat(from)) return from === 'FP32' && to === 'FP64';
  return true;
}

/** The number in the datatype; `undefined` if it cannot be represented exactly. */
function exactly(element: number | bigint, datatype: Datatype): number | bigint | undefined {
  if (datatype === 'FP64') return BigInt(Number(element)) === BigInt(element) ? Number(element) : undefined;
  if (datatype === 'FP32')
    return BigInt(Math.fround(Number(element))) === BigInt(element) ? Number(element) : undefined;
  const { array, bytes } = FIXED_DATATYPES[datatype as 'INT64'];
  const held = (array as typeof BigInt64Array).of((bytes === 8 ? BigInt(element) : Number(element)) as bigint)[0];
  return BigInt(held) === BigInt(element) ? held : undefined;
}

/**
 * Converts numbers to the datatype of a model: float32 to float64, integers to floats or to integers of another size,
 * as pandas and NumPy send them.
 *
 * @throws InvalidTensorError if the datatypes are not convertible, or naming the first number that would not be
 * preserved
 */
export function* convertTensor(tensor: NamedTensor, spec: TensorSpec): Steps<NamedTensor> {
  const { name, datatype: from, data } = tensor;
  const { datatype } = spec;
  if (from === datatype) return tensor;
  if (!isConvertible(from, datatype)) {
    throw new InvalidTensorError(`The datatype of input "${name}" must be ${datatype}; received ${from}`);
  }
  if (from === 'FP32') return { ...tensor, datatype, data: Float64Array.from(data as Float32Array) };
  const numbers = data as ArrayLike<number | bigint>;
  const values = new FIXED_DATATYPES[datatype as 'FP64'].array(data.length);
  yield* eachSlice(data.length, (first, end) => {
    for (let i = first; i < end; i++) {
      const value = exactly(numbers[i], datatype);
      if (value === undefined) {
        throw invalidTensor(
          `data[${i}] of input "${name}"`,
          `a number that ${datatype} holds exactly`,
          String(numbers[i]),
        );
      }
      (values as unknown as unknown[])[i] = value;
    }
  });
  return { ...tensor, datatype, data: values };
}
