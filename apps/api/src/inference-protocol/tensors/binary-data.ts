import { isUtf8 } from 'node:buffer';
import { atOnce, eachSlice, type Steps } from '../../http/steps.js';
import { FIXED_DATATYPES } from './datatype.js';
import { InvalidTensorError } from '../../problem/invalid-tensor.error.js';
import { elementCount } from './shape.js';
import type { Datatype, NamedTensor, TensorData } from './tensor.js';

/** Each element of a `BYTES` tensor is preceded by its length, a little-endian unsigned integer of this many bytes. */
const LENGTH_BYTES = 4;
const STRINGS_PER_STEP = 1_024;

function* readStrings(bytes: Buffer, count: number, tensor: string): Steps<string[]> {
  const strings: string[] = [];
  let offset = 0;
  while (offset < bytes.length && strings.length < count) {
    const start = offset + LENGTH_BYTES;
    const end = start <= bytes.length ? start + bytes.readUInt32LE(offset) : Infinity;
    if (end > bytes.length) {
      throw new InvalidTensorError(
        `The binary data of ${tensor} ends within element ${strings.length}: each must be a 4-byte little-endian length and so many bytes`,
      );
    }
    strings.push(readString(bytes.subarray(start, end), strings.length, tensor));
    if (strings.length % STRINGS_PER_STEP === 0) yield;
    offset = end;
  }
  if (strings.length !== count || offset !== bytes.length) {
    const surplus = offset < bytes.length ? ` and ${bytes.length - offset} bytes more` : '';
    throw new InvalidTensorError(
      `The binary data of ${tensor} must hold ${count} elements for its shape; received ${strings.length}${surplus}`,
    );
  }
  return strings;
}

/** @throws InvalidTensorError if the bytes are not UTF-8: models accept only strings */
export function readString(bytes: Uint8Array, index: number, tensor: string): string {
  if (!isUtf8(bytes)) throw new InvalidTensorError(`Element ${index} of ${tensor} must be UTF-8 text`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

/**
 * Reads a tensor from its binary form: little-endian, row-major, without padding.
 *
 * @param tensor its name in errors
 * @throws InvalidTensorError if the size does not match the shape, or an element is not of the datatype
 */
export function readBinaryData(
  bytes: Buffer,
  datatype: Datatype,
  shape: readonly number[],
  tensor: string,
): TensorData {
  return atOnce(readBinarySteps(bytes, datatype, shape, tensor));
}

/** {@link readBinaryData} in steps. */
export function* readBinarySteps(
  bytes: Buffer,
  datatype: Datatype,
  shape: readonly number[],
  tensor: string,
): Steps<TensorData> {
  const count = elementCount(shape);
  if (datatype === 'BYTES') return yield* readStrings(bytes, count, tensor);
  const kind = FIXED_DATATYPES[datatype];
  if (bytes.length !== count * kind.bytes) {
    throw new InvalidTensorError(
      `The binary data of ${tensor} must be ${count * kind.bytes} bytes for ${datatype} [${shape.join(', ')}]; received ${bytes.length}`,
    );
  }
  // A copy, because a typed array must begin at a multiple of its element's size, and the request's memory may be
  // reused.
  const data = new kind.array(new Uint8Array(bytes).buffer);
  if (datatype === 'BOOL') yield* checkFlags(data as Uint8Array, tensor);
  return data;
}

function* checkFlags(flags: Uint8Array, tensor: string): Steps<void> {
  yield* eachSlice(flags.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (flags[i] > 1) {
        throw new InvalidTensorError(`Byte ${i} of ${tensor} must be 0 or 1; received ${flags[i]}`);
      }
    }
  });
}

/** A tensor's elements in binary form; not copied for fixed-size datatypes. */
export function writeBinaryData({ data }: NamedTensor): Buffer {
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const sizes = data.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(sizes.reduce((total, size) => total + LENGTH_BYTES + size, 0));
  let offset = 0;
  data.forEach((text, i) => {
    offset = bytes.writeUInt32LE(sizes[i], offset);
    offset += bytes.write(text, offset);
  });
  return bytes;
}
