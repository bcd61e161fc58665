import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { InvalidTensorError } from '../problem/invalid-tensor.error.js';

/** Each part of a message becomes an object of about a hundred bytes; the limit is that of objects in JSON. */
const MAX_PARTS = 1_000_000;

/** Weight of a nested message: an object with its own lists. */
export const MESSAGE_WEIGHT = 16;

/**
 * Reads the value of one field at the reader's position.
 * @returns false if the field is unknown, so that it is skipped
 */
export type FieldReader = (field: number, wireType: WireType, reader: BinaryReader) => boolean;

/** Counts the parts of a message before they become objects, which bounds the memory that a message can take. */
export class PartCount {
  private parts = 0;

  /**
   * @param weight cost of the part, in parts
   * @throws InvalidTensorError at the first part over the limit
   */
  add(weight = 1): void {
    if ((this.parts += weight) > MAX_PARTS) {
      throw new InvalidTensorError(
        `The message must have at most ${MAX_PARTS} parts; received more. Large tensors go into raw_input_contents.`,
      );
    }
  }
}

/**
 * Passes on each field of a message in protobuf's wire format.
 *
 * @throws InvalidTensorError if the bytes are not a message or have too many parts
 */
export function readFields(bytes: Uint8Array, count: PartCount, read: FieldReader): void {
  const reader = new BinaryReader(bytes);
  try {
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      count.add();
      if (!read(field, wireType, reader)) reader.skip(wireType, field);
    }
  } catch (error) {
    if (error instanceof InvalidTensorError) throw error;
    throw new InvalidTensorError(`The message is not a ModelInferRequest (${(error as Error).message})`);
  }
}

/** The bytes of a length-delimited field. */
export function bytesOf(wireType: WireType, reader: BinaryReader): Uint8Array {
  if (wireType !== WireType.LengthDelimited) throw new Error(`illegal wire type ${wireType}`);
  return reader.bytes();
}
