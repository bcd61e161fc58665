import type { Datatype, TensorData } from '../inference-protocol/tensors/tensor.js';
import type { InferTensorContents } from './messages.js';
import { readContents, writeContents } from './tensor-contents.js';

const text = (...values: string[]) => values.map((value) => Buffer.from(value));

describe('Tensor contents', () => {
  it.each<[Datatype, InferTensorContents, TensorData]>([
    ['BOOL', { bool_contents: [true, false] }, Uint8Array.of(1, 0)],
    ['UINT8', { uint_contents: [0, 255] }, Uint8Array.of(0, 255)],
    ['INT8', { int_contents: [-128, 127] }, Int8Array.of(-128, 127)],
    ['UINT16', { uint_contents: [0, 65535] }, Uint16Array.of(0, 65535)],
    ['INT16', { int_contents: [-32768, 32767] }, Int16Array.of(-32768, 32767)],
    ['UINT32', { uint_contents: [0, 4294967295] }, Uint32Array.of(0, 4294967295)],
    ['INT32', { int_contents: [-2147483648, 2147483647] }, Int32Array.of(-2147483648, 2147483647)],
    ['UINT64', { uint64_contents: ['0', '18446744073709551615'] }, BigUint64Array.of(0n, 18446744073709551615n)],
    ['INT64', { int64_contents: ['-9223372036854775808', '1'] }, BigInt64Array.of(-9223372036854775808n, 1n)],
    ['FP32', { fp32_contents: [0.5, NaN] }, Float32Array.of(0.5, NaN)],
    ['FP64', { fp64_contents: [0.1, -Infinity] }, Float64Array.of(0.1, -Infinity)],
    ['BYTES', { bytes_contents: text('', 'é😀') }, ['', 'é😀']],
  ])('reads and writes %s', (datatype, contents, data) => {
    expect(readContents(contents, datatype, [1, 2], 'input "x"')).toEqual(data);
    expect(writeContents({ name: 'y', datatype, shape: [1, 2], data })).toEqual(contents);
  });

  it('reads the fields that a message leaves empty', () => {
    const empty = { bool_contents: [], int_contents: [], fp32_contents: [1.5], bytes_contents: [] };
    expect(readContents(empty, 'FP32', [1], 'input "x"')).toEqual(Float32Array.of(1.5));
    expect(readContents(null, 'FP32', [0, 3], 'input "x"')).toEqual(new Float32Array());
  });

  it.each<[Datatype, InferTensorContents | null, string]>([
    [
      'FP32',
      { fp64_contents: [1] },
      'The contents of input "x" must be in fp32_contents for FP32; received fp64_contents',
    ],
    ['FP32', null, 'fp32_contents of input "x" must have 1 elements for its shape [1]; received 0'],
    [
      'FP32',
      { fp32_contents: [1, 2] },
      'fp32_contents of input "x" must have 1 elements for its shape [1]; received 2',
    ],
    [
      'INT8',
      { int_contents: [128] },
      'Element 0 of int_contents of input "x" must be a whole number from -128 to 127; received 128',
    ],
    [
      'UINT16',
      { uint_contents: [65536] },
      'Element 0 of uint_contents of input "x" must be a whole number from 0 to 65535; received 65536',
    ],
    ['BYTES', { bytes_contents: [Buffer.of(0xff)] }, 'Element 0 of input "x" must be UTF-8 text'],
  ])('refuses %s in %j', (datatype, contents, message) => {
    expect(() => readContents(contents, datatype, [1], 'input "x"')).toThrow(message);
  });
});
