import fc from 'fast-check';
import { atOnce } from '../../http/steps.js';
import { readJsonData, writeJsonData } from './json-data.js';
import type { Datatype } from './tensor.js';

const read = (data: unknown, datatype: Datatype, shape: number[]) =>
  atOnce(readJsonData(data, datatype, shape, 'input "x"'));

describe('readJsonData', () => {
  it.each<[Datatype, unknown[], ArrayLike<unknown>]>([
    ['BOOL', [true, false], Uint8Array.of(1, 0)],
    ['UINT8', [0, 255], Uint8Array.of(0, 255)],
    ['INT8', [-128, 127], Int8Array.of(-128, 127)],
    ['UINT16', [0, 65535], Uint16Array.of(0, 65535)],
    ['INT16', [-32768, 32767], Int16Array.of(-32768, 32767)],
    ['UINT32', [0, 4294967295], Uint32Array.of(0, 4294967295)],
    ['INT32', [-2147483648, 2147483647], Int32Array.of(-2147483648, 2147483647)],
    ['UINT64', [0, 9007199254740991], BigUint64Array.of(0n, 9007199254740991n)],
    ['INT64', [-9007199254740991, 9007199254740991], BigInt64Array.of(-9007199254740991n, 9007199254740991n)],
    ['FP32', [0.1, null], Float32Array.of(0.1, NaN)],
    ['FP64', [0.1, null], Float64Array.of(0.1, NaN)],
    ['INT64', [7, null], Float64Array.of(7, NaN)],
    ['UINT8', [null, 255], Float64Array.of(NaN, 255)],
    ['BYTES', ['', 'é€😀'], ['', 'é€😀']],
  ])('reads %s', (datatype, data, expected) => {
    expect(read(data, datatype, [2])).toEqual(expected);
    expect(read([data], datatype, [1, 2])).toEqual(expected);
  });

  it.each<[Datatype, unknown, string]>([
    ['BOOL', 1, 'true or false; received 1'],
    ['UINT8', 256, 'a whole number from 0 to 255; received 256'],
    ['UINT8', -1, 'a whole number from 0 to 255; received -1'],
    ['INT32', 1.5, 'a whole number from -2147483648 to 2147483647; received 1.5'],
    ['INT32', '1', 'a whole number from -2147483648 to 2147483647; received "1"'],
    [
      'INT64',
      2 ** 53,
      'a whole number from -9007199254740991 to 9007199254740991 (send larger ones as binary data); received 9007199254740992',
    ],
    [
      'INT64',
      2 ** 53,
      'a whole number from -9007199254740991 to 9007199254740991 (send larger ones as binary data); received 9007199254740992',
    ],
    ['FP32', 1e39, 'a number that FP32 can hold, or null for NaN; received 1e+39'],
    [
      'FP64',
      Infinity,
      'a number that FP64 can hold, or null for NaN; received Infinity, a number beyond the range of a double',
    ],
    ['FP64', true, 'a number that FP64 can hold, or null for NaN; received true'],
    ['BYTES', 5, 'a string; received 5'],
    ['BYTES', [], 'a string; received an array of 0'],
  ])('refuses a %s of %p', (datatype, value, words) => {
    expect(() => read([datatype === 'BYTES' ? 'a' : datatype === 'BOOL' ? true : 0, value], datatype, [2])).toThrow(
      `data[1] of input "x" must be ${words}`,
    );
  });

  it.each([
    [undefined, [1], 'The data of input "x" must be an array; received nothing'],
    [[1, 2, 3], [2, 2], 'The data of input "x" must have 4 elements for its shape [2, 2]; received 3'],
    [
      [[1, 2], [3]],
      [2, 2],
      'The data of input "x" at depth 2 must be an array of 2, or all elements in one flat array; received an array of 1',
    ],
    [
      [[1, 2], 3, 4],
      [3, 2],
      'The data of input "x" at depth 2 must be an array of 2, or all elements in one flat array; received 3',
    ],
    [
      [[1], [2], [3]],
      [2, 1],
      'The data of input "x" at depth 1 must be an array of 2, or all elements in one flat array; received an array of 3',
    ],
    [
      [[1, [2]]],
      [1, 2],
      'data[1] of input "x" must be a number that FP64 can hold, or null for NaN; received an array of 1',
    ],
  ])('refuses %j as data of shape %j', (data, shape, message) => {
    expect(() => read(data, 'FP64', shape)).toThrow(message);
  });

  it('reads nested what it reads flat', () => {
    const nest = (flat: number[], [size, ...rest]: number[]): unknown =>
      size === undefined
        ? flat[0]
        : Array.from({ length: size }, (_, i) => nest(flat.slice((i * flat.length) / size), rest)).map((part, i) =>
            rest.length ? nest(flat.slice((i * flat.length) / size, ((i + 1) * flat.length) / size), rest) : part,
          );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }), (shape) => {
        const flat = Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i);
        expect(read(nest(flat, shape), 'INT32', shape)).toEqual(Int32Array.from(flat));
      }),
    );
  });
});

describe('writeJsonData', () => {
  it.each<[Datatype, Parameters<typeof writeJsonData>[0]['data'], string]>([
    ['BOOL', Uint8Array.of(1, 0, 1), '[true,false,true]'],
    ['INT64', BigInt64Array.of(-9223372036854775808n, 1n), '[-9223372036854775808,1]'],
    ['FP64', Float64Array.of(0.1, NaN, -Infinity, 1e300, Infinity), '[0.1,null,null,1e+300,null]'],
    ['BYTES', ['a"b', 'é'], '["a\\"b","é"]'],
    ['FP32', new Float32Array(), '[]'],
    ['BYTES', Array(9_000).fill('a'), JSON.stringify(Array(9_000).fill('a'))],
    ['UINT8', new Uint8Array(9_000).fill(7), JSON.stringify(Array(9_000).fill(7))],
  ])('writes %s', (datatype, data, text) => {
    expect([...writeJsonData({ datatype, data })].join('')).toBe(text);
  });
});
