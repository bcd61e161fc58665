import { WireType } from '@bufbuild/protobuf/wire';
import { readString } from '../inference-protocol/tensors/binary-data.js';
import { FIXED_DATATYPES } from '../inference-protocol/tensors/datatype.js';
import { InvalidTensorError, invalidTensor } from '../problem/invalid-tensor.error.js';
import { elementCount } from '../inference-protocol/tensors/shape.js';
import type { Datatype, NamedTensor, TensorData } from '../inference-protocol/tensors/tensor.js';
import { bytesOf, type PartCount, readFields } from './message-fields.js';
import type { ContentsField, InferTensorContents } from './messages.js';

/** The fields of InferTensorContents by their number. */
const NAMES: readonly ContentsField[] = [
  'bool_contents',
  'int_contents',
  'int64_contents',
  'uint_contents',
  'uint64_contents',
  'fp32_contents',
  'fp64_contents',
  'bytes_contents',
];
const BYTES_FIELD = 8;

/** The number of the field that holds the elements of a datatype. */
const FIELDS: Readonly<Record<Datatype, number>> = {
  BOOL: 1,
  UINT8: 4,
  UINT16: 4,
  UINT32: 4,
  UINT64: 5,
  INT8: 2,
  INT16: 2,
  INT32: 2,
  INT64: 3,
  FP32: 6,
  FP64: 7,
  BYTES: BYTES_FIELD,
};

/** A varint of one byte becomes an element of up to eight bytes: this limits the elements to 32 MiB. */
const MAX_VARINTS = 4_194_304;

/** The bytes of an element in the wire format, for wire types of fixed size. */
const FIXED_BYTES: Readonly<Record<number, number | undefined>> = { 6: 4, 7: 8 };

/**
 * Reads a tensor from the field for its datatype. Its elements are counted before the first is read.
 *
 * @param contents the bytes of the message, in the parts that arrived
 * @param tensor its name in errors
 * @param count the parts of the whole request
 * @throws InvalidTensorError if another field holds elements, or their number does not match the shape
 */
export function readContents(
  contents: readonly Uint8Array[],
  datatype: Datatype,
  shape: readonly number[],
  tensor: string,
  count: PartCount,
): TensorData {
  const field = FIELDS[datatype];
  const pieces = piecesOf(contents, field, datatype, tensor, count);
  const due = elementCount(shape);
  const found = pieces.reduce((sum, piece) => sum + elementsIn(piece, field), 0);
  if (found !== due) {
    throw new InvalidTensorError(
      `${NAMES[field - 1]} of ${tensor} must have ${due} elements for its shape [${shape.join(', ')}]; received ${found}`,
    );
  }
  if (datatype === 'BYTES') return pieces.map((bytes, i) => readString(bytes, i, tensor));
  if (FIXED_BYTES[field]) return new FIXED_DATATYPES[datatype].array(joined(pieces));
  if (found > MAX_VARINTS) {
    throw new InvalidTensorError(
      `${NAMES[field - 1]} of ${tensor} must have at most ${MAX_VARINTS} elements; received ${found}. Send them as raw_input_contents.`,
    );
  }
  return readVarints(pieces, found, datatype, tensor);
}

/**
 * The values of a field: packed elements, single ones, or texts.
 * @throws InvalidTensorError at a value of another field
 */
function piecesOf(
  contents: readonly Uint8Array[],
  field: number,
  datatype: Datatype,
  tensor: string,
  count: PartCount,
): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (const bytes of contents) {
    readFields(bytes, count, (found, wireType, reader) => {
      if (found > NAMES.length) return false;
      const isPacked = wireType === WireType.LengthDelimited;
      const piece = isPacked ? bytesOf(wireType, reader) : reader.skip(wireType, found);
      if (!isPacked && wireType !== singleType(found)) throw new Error(`illegal wire type ${wireType}`);
      if (piece.length % (FIXED_BYTES[found] ?? 1) !== 0) throw new Error(`${NAMES[found - 1]} ends within an element`);
      if (found === field) pieces.push(piece);
      else if (piece.length > 0 || found === BYTES_FIELD) {
        throw new InvalidTensorError(
          `The contents of ${tensor} must be in ${NAMES[field - 1]} for ${datatype}; received ${NAMES[found - 1]}`,
        );
      }
      return true;
    });
  }
  return pieces;
}

/** The wire type of an element that is not packed. */
function singleType(field: number): WireType {
  if (field === BYTES_FIELD) return WireType.LengthDelimited;
  const bytes = FIXED_BYTES[field];
  return bytes === undefined ? WireType.Varint : bytes === 4 ? WireType.Bit32 : WireType.Bit64;
}

function elementsIn(piece: Uint8Array, field: number): number {
  if (field === BYTES_FIELD) return 1;
  const size = FIXED_BYTES[field];
  if (size !== undefined) return piece.length / size;
  let ends = 0;
  // Every byte of a varint except its last has the high bit set.
  for (let i = 0; i < piece.length; i++) ends += (piece[i] >> 7) ^ 1;
  return ends;
}

/** Copies, because a typed array must begin at a multiple of its element's size. */
function joined(pieces: readonly Uint8Array[]): ArrayBuffer {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes.buffer;
}

/** Integers and booleans. */
function readVarints(pieces: readonly Uint8Array[], length: number, datatype: Datatype, tensor: string): TensorData {
  const { array, bytes, range } = FIXED_DATATYPES[datatype as Exclude<Datatype, 'BYTES'>];
  const isLong = bytes === 8;
  const lows = new Uint32Array(isLong ? 2 * length : length);
  let at = 0;
  for (const piece of pieces) {
    for (let position = 0; position < piece.length;) {
      let [low, high, shift, byte] = [0, 0, 0, 0x80];
      while (byte & 0x80) {
        if (shift > 63 || position === piece.length) throw new InvalidTensorError(`${tensor} holds a broken varint`);
        byte = piece[position++];
        if (shift < 32) low |= (byte & 0x7f) << shift;
        if (shift >= 28) high |= shift === 28 ? (byte & 0x7f) >> 4 : (byte & 0x7f) << (shift - 32);
        shift += 7;
      }
      lows[at++] = datatype === 'BOOL' ? Number((low | high) !== 0) : low;
      if (isLong) lows[at++] = high;
    }
  }
  if (isLong) return new array(lows.buffer);
  const values = datatype.startsWith('INT') ? new Int32Array(lows.buffer) : lows;
  if (range && bytes < 4) checkRange(values, range, `${NAMES[FIELDS[datatype] - 1]} of ${tensor}`);
  return new (array as Uint8ArrayConstructor)(values);
}

/** Fields carry 32 bits; values of smaller datatypes must not be truncated. */
function checkRange(
  values: Int32Array | Uint32Array,
  [minimum, maximum]: readonly [number, number],
  what: string,
): void {
  const wrong = values.findIndex((value) => value < minimum || value > maximum);
  if (wrong !== -1) {
    throw invalidTensor(`Element ${wrong} of ${what}`, `a whole number from ${minimum} to ${maximum}`, values[wrong]);
  }
}

/** A tensor's elements in the field for its datatype. */
export function writeContents({ datatype, data }: NamedTensor): InferTensorContents {
  const field = NAMES[FIELDS[datatype] - 1];
  if (field === 'bytes_contents') return { [field]: (data as readonly string[]).map((text) => Buffer.from(text)) };
  if (field === 'int64_contents' || field === 'uint64_contents') {
    return { [field]: Array.from(data as BigInt64Array, String) };
  }
  if (field === 'bool_contents') return { [field]: Array.from(data as Uint8Array, Boolean) };
  return { [field]: Array.from(data as Float64Array) };
}
