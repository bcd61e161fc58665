import { fileURLToPath } from 'node:url';
import { type MessageTypeDefinition, loadSync } from '@grpc/proto-loader';
import type { Datatype, TensorData } from '../inference-protocol/tensors/tensor.js';
import { InvalidTensorError } from '../problem/invalid-tensor.error.js';
import type { InferTensorContents } from './messages.js';
import { PartCount } from './message-fields.js';
import { readContents, writeContents } from './tensor-contents.js';

const definition = loadSync(fileURLToPath(new URL('./inference.proto', import.meta.url)), { keepCase: true });
const { serialize } = definition['inference.InferTensorContents'] as MessageTypeDefinition<object, object>;

/** Reads contents from the bytes that a client sends. */
const read = (contents: InferTensorContents | null, datatype: Datatype, shape: readonly number[]): TensorData =>
  readContents(contents ? [serialize(contents)] : [], datatype, shape, 'input "x"', new PartCount());

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
    expect(read(contents, datatype, [1, 2])).toEqual(data);
    expect(writeContents({ name: 'y', datatype, shape: [1, 2], data })).toEqual(contents);
  });

  it('reads the fields that a message leaves empty', () => {
    const empty = { bool_contents: [], int_contents: [], fp32_contents: [1.5], bytes_contents: [] };
    expect(read(empty, 'FP32', [1])).toEqual(Float32Array.of(1.5));
    expect(read(null, 'FP32', [0, 3])).toEqual(new Float32Array());
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
    expect(() => read(contents, datatype, [1])).toThrow(message);
  });

  /** Bytes of a message written by hand. */
  const bytes = (datatype: Datatype, shape: number[], ...parts: (number[] | Buffer)[]) =>
    readContents(
      parts.map((part) => Uint8Array.from(part)),
      datatype,
      shape,
      'input "x"',
      new PartCount(),
    );

  it('reads elements that are not packed, in messages that are to be merged', () => {
    expect(bytes('INT64', [3], [0x18, 0x01, 0x18, 0xff, 0x01], [0x1a, 0x01, 0x07])).toEqual(
      BigInt64Array.of(1n, 255n, 7n),
    );
    expect(bytes('FP32', [2], [0x35, 0, 0, 0x80, 0x3f], [0x32, 4, 0, 0, 0, 0x40])).toEqual(Float32Array.of(1, 2));
    expect(bytes('INT32', [1], [0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])).toEqual(
      Int32Array.of(-1),
    );
  });

  it.each<[string, Datatype, number[]]>([
    ['a length beyond its end', 'FP64', [0x3a, 0x08, 0]],
    ['half a number', 'FP64', [0x3a, 0x01, 0]],
    ['a varint without an end', 'INT64', [0x18, 0x80]],
    ['a packed varint without an end', 'INT64', [0x1a, 0x02, 0x01, 0x80]],
    ['a varint of eleven bytes', 'INT64', [0x1a, 0x0b, ...Array<number>(10).fill(0x80), 0x01]],
    ['a text where numbers are due', 'BYTES', [0x40, 0x01]],
    ['a field 0', 'FP64', [0x02, 0x00]],
  ])('refuses %s', (_what, datatype, message) => {
    expect(() => bytes(datatype, [1], message)).toThrow(InvalidTensorError);
  });

  it('counts elements before it reads them: a message costs no more than its bytes may', () => {
    const packed = (elements: number): Buffer => {
      const message = Buffer.alloc(5 + elements, 0x01);
      message[0] = 0x1a;
      for (let i = 0; i < 4; i++) message[1 + i] = ((elements >> (7 * i)) & 0x7f) | (i < 3 ? 0x80 : 0);
      return message;
    };
    expect(bytes('INT64', [4_194_304], packed(4_194_304))).toHaveLength(4_194_304);
    expect(() => bytes('INT64', [4_194_305], packed(4_194_305))).toThrow(
      'int64_contents of input "x" must have at most 4194304 elements; received 4194305. Send them as raw_input_contents.',
    );
    expect(() => bytes('INT64', [1], packed(20_000_000))).toThrow(
      'must have 1 elements for its shape [1]; received 20000000',
    );
    const texts = Buffer.alloc(2 * 1_000_001);
    for (let i = 0; i < texts.length; i += 2) texts[i] = 0x42;
    expect(() => bytes('BYTES', [1_000_001], texts)).toThrow('The message must have at most 1000000 parts');
  });
});
