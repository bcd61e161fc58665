import fc from 'fast-check';
import { readBinaryData, writeBinaryData } from './binary-data.js';
import type { Datatype, TensorData } from './tensor.js';

const read = (hex: string, datatype: Datatype, shape: number[]) =>
  readBinaryData(Buffer.from(hex.replaceAll(' ', ''), 'hex'), datatype, shape, 'input "x"');

describe('Binary tensor data', () => {
  it.each<[Datatype, string, TensorData]>([
    ['BOOL', '01 00', Uint8Array.of(1, 0)],
    ['UINT8', '01 ff', Uint8Array.of(1, 255)],
    ['INT8', '01 ff', Int8Array.of(1, -1)],
    ['UINT16', '0100 ffff', Uint16Array.of(1, 65535)],
    ['INT16', '0100 feff', Int16Array.of(1, -2)],
    ['UINT32', '01000000 ffffffff', Uint32Array.of(1, 4294967295)],
    ['INT32', '01000000 feffffff', Int32Array.of(1, -2)],
    ['UINT64', '0100000000000000 ffffffffffffffff', BigUint64Array.of(1n, 18446744073709551615n)],
    ['INT64', '0100000000000000 feffffffffffffff', BigInt64Array.of(1n, -2n)],
    ['FP32', '0000c03f 000080ff', Float32Array.of(1.5, -Infinity)],
    ['FP64', '000000000000f83f 000000000000f0ff', Float64Array.of(1.5, -Infinity)],
    ['BYTES', '02000000 c3a9 00000000', ['é', '']],
  ])('reads and writes %s', (datatype, hex, data) => {
    expect(read(hex, datatype, [2, 1])).toEqual(data);
    expect(writeBinaryData({ name: 'y', datatype, shape: [2, 1], data }).toString('hex')).toBe(hex.replaceAll(' ', ''));
  });

  it.each<[Datatype, string, number[], string]>([
    ['FP32', '0000c03f 00', [1], 'The binary data of input "x" must be 4 bytes for FP32 [1]; received 5'],
    ['INT64', '', [1, 1], 'The binary data of input "x" must be 8 bytes for INT64 [1, 1]; received 0'],
    ['BOOL', '01 02', [2], 'Byte 1 of input "x" must be 0 or 1; received 2'],
    ['BYTES', '01000000', [1], 'The binary data of input "x" ends within element 0'],
    ['BYTES', '0100', [1], 'The binary data of input "x" ends within element 0'],
    ['BYTES', '01000000 61', [2], 'must hold 2 elements for its shape; received 1'],
    ['BYTES', '01000000 61 00', [1], 'must hold 1 elements for its shape; received 1 and 1 bytes more'],
    ['BYTES', '01000000 ff', [1], 'Element 0 of input "x" must be UTF-8 text'],
  ])('refuses %s %s as %j', (datatype, hex, shape, message) => {
    expect(() => read(hex, datatype, shape)).toThrow(message);
  });

  it('does not keep the memory of the request', () => {
    const bytes = Buffer.from('00112233445566778899', 'hex').subarray(1, 9);
    const data = readBinaryData(bytes, 'FP64', [1], 'x');
    bytes.fill(0);
    expect(writeBinaryData({ name: 'y', datatype: 'FP64', shape: [1], data }).toString('hex')).toBe('1122334455667788');
  });

  it('gives back any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (data) => {
        const tensor = { name: 'y', datatype: 'BYTES' as const, shape: [data.length], data };
        expect(readBinaryData(writeBinaryData(tensor), 'BYTES', [data.length], 'x')).toEqual(data);
      }),
    );
  });
});
