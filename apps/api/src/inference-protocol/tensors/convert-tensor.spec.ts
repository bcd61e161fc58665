import fc from 'fast-check';
import { atOnce } from '../../http/steps.js';
import { convertTensor } from './convert-tensor.js';
import type { Datatype, TensorData } from './tensor.js';

const convert = (from: Datatype, data: TensorData, to: Datatype): TensorData =>
  atOnce(
    convertTensor({ name: 'x', datatype: from, shape: [data.length], data }, { name: 'x', datatype: to, shape: [-1] }),
  ).data;

describe('convertTensor', () => {
  it.each<[Datatype, TensorData, Datatype, TensorData]>([
    ['FP32', Float32Array.of(0.5, NaN, -Infinity), 'FP64', Float64Array.of(0.5, NaN, -Infinity)],
    ['INT64', BigInt64Array.of(2n ** 53n, -7n), 'FP64', Float64Array.of(2 ** 53, -7)],
    ['INT32', Int32Array.of(16_777_216, -1), 'FP32', Float32Array.of(16_777_216, -1)],
    ['INT32', Int32Array.of(-5, 5), 'INT64', BigInt64Array.of(-5n, 5n)],
    ['INT64', BigInt64Array.of(-5n, 5n), 'INT32', Int32Array.of(-5, 5)],
    ['UINT64', BigUint64Array.of(2n ** 63n), 'FP64', Float64Array.of(2 ** 63)],
  ])('brings %s %j into %s', (from, data, to, expected) => expect(convert(from, data, to)).toEqual(expected));

  it.each<[Datatype, TensorData, Datatype, string]>([
    [
      'INT64',
      BigInt64Array.of(0n, 2n ** 53n + 1n),
      'FP64',
      'data[1] of input "x" must be a number that FP64 holds exactly; received "9007199254740993"',
    ],
    [
      'INT32',
      Int32Array.of(16_777_217),
      'FP32',
      'data[0] of input "x" must be a number that FP32 holds exactly; received "16777217"',
    ],
    [
      'INT32',
      Int32Array.of(-1),
      'UINT8',
      'data[0] of input "x" must be a number that UINT8 holds exactly; received "-1"',
    ],
    [
      'INT64',
      BigInt64Array.of(-1n),
      'UINT64',
      'data[0] of input "x" must be a number that UINT64 holds exactly; received "-1"',
    ],
    ['FP64', Float64Array.of(0.5), 'FP32', 'The datatype of input "x" must be FP32; received FP64'],
    ['FP64', Float64Array.of(1), 'INT64', 'The datatype of input "x" must be INT64; received FP64'],
    ['BOOL', Uint8Array.of(1), 'FP32', 'The datatype of input "x" must be FP32; received BOOL'],
    ['INT32', Int32Array.of(1), 'BYTES', 'The datatype of input "x" must be BYTES; received INT32'],
  ])('refuses %s %j as %s', (from, data, to, message) => expect(() => convert(from, data, to)).toThrow(message));

  it('keeps every number that it takes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        let held: TensorData | undefined;
        try {
          held = convert('INT64', BigInt64Array.of(value), 'FP64');
        } catch {
          expect(BigInt(Number(value))).not.toBe(value);
        }
        if (held) expect(BigInt(held[0] as number)).toBe(value);
      }),
    );
  });
});
