import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { InvalidTensorError } from '../problem/invalid-tensor.error.js';

/** Each part of a message becomes an object of about a hundred bytes; as many as JSON may hold objects. */
const MAX_PARTS = 1_000_000;

/** What a message within the message weighs: an object with lists of its own. */
export const MESSAGE_WEIGHT = 16;

/** Takes one field, whose value the reader stands at, and reads it. @returns false where it is unknown: it is skipped */
export type FieldReader = (field: number, wireType: WireType, reader: BinaryReader) => boolean;

/** Counts the parts of a message before they become objects, so that a message costs no more than its bytes may. */
export class PartCount {
  private parts = 0;

  /**
   * @param weight how many parts it costs as much as
   * @throws InvalidTensorError at the first part too many
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
 * Hands on each field of a message in protobuf's wire format.
 *
 * @throws InvalidTensorError when the bytes are no message, or have too many parts
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
    throw new InvalidTensorError(
      `The message must be a ModelInferRequest; its bytes are none (${(error as Error).message})`,
    );
  }
}

/** A field's value where it has bytes of its own. */
export function bytesOf(wireType: WireType, reader: BinaryReader): Uint8Array {
  if (wireType !== WireType.LengthDelimited) throw new Error(`illegal wire type ${wireType}`);
  return reader.bytes();
}
