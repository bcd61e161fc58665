import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { InferRequest } from '../inference-protocol/data-plane/infer-request.js';
import { readParameters } from '../inference-protocol/parameters.js';
import { readBinaryData } from '../inference-protocol/tensors/binary-data.js';
import { DATATYPE_NAMES, isDatatype } from '../inference-protocol/tensors/datatype.js';
import { InvalidTensorError, invalidTensor } from '../problem/invalid-tensor.error.js';
import { checkShape } from '../inference-protocol/tensors/shape.js';
import type { NamedTensor } from '../inference-protocol/tensors/tensor.js';
import { bytesOf, MESSAGE_WEIGHT, PartCount, readFields } from './message-fields.js';
import { readContents } from './tensor-contents.js';

/** A parsed ModelInferRequest. */
export interface InferCall {
  readonly modelName: string;
  /** Empty for the version that serves. */
  readonly modelVersion: string;
  readonly id: string;
  /** Whether its tensors are raw; the answer has the same form. */
  readonly isRaw: boolean;
  readonly request: InferRequest;
}

type Parameter = [name: string, value: string | number | boolean];

/** An input as it occurs in the message. */
interface InputMessage {
  name: string;
  datatype: string;
  shape: number[];
  parameters: Parameter[];
  /** The bytes of each `InferTensorContents`, to be joined (protobuf merges repeated messages). */
  contents: Uint8Array[];
}

/**
 * Reads a ModelInferRequest of `inference.proto`. Protobuf libraries first make an object of each element; this reader
 * counts elements, compares them with the shape, and reads them into a typed array.
 *
 * @throws InvalidTensorError naming what violates the protocol
 */
export function readInferRequest(bytes: Uint8Array): InferCall {
  const count = new PartCount();
  const [parameters, inputs, outputs, raw]: [Parameter[], InputMessage[], string[], Buffer[]] = [[], [], [], []];
  const texts = ['', '', ''];
  readFields(bytes, count, (field, wireType, reader) => {
    if (field >= 1 && field <= 3) texts[field - 1] = textOf(wireType, reader);
    else if (field === 4) parameters.push(readParameter(bytesOf(wireType, reader), count));
    else if (field === 5) inputs.push(readInput(bytesOf(wireType, reader), count));
    else if (field === 6) outputs.push(readOutput(bytesOf(wireType, reader), count));
    else if (field === 7) raw.push(asBuffer(bytesOf(wireType, reader)));
    else return false;
    return true;
  });
  if (raw.length > 0 && raw.length !== inputs.length) {
    throw new InvalidTensorError(
      `raw_input_contents must have one entry per input, ${inputs.length}; received ${raw.length}`,
    );
  }
  const [modelName, modelVersion, id] = texts;
  const { routing_key: routingKey, external_id: externalId } = readParameters(
    Object.fromEntries(parameters),
    'the request',
  );
  const request: InferRequest = {
    id,
    ...(routingKey !== undefined && { routingKey: String(routingKey) }),
    ...(externalId !== undefined && { externalId }),
    inputs: inputs.map((input, i) => tensorOf(input, raw[i], count)),
    ...(outputs.length > 0 && { outputs }),
  };
  return { modelName, modelVersion, id, isRaw: raw.length > 0, request };
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const textOf = (wireType: WireType, reader: BinaryReader): string => asBuffer(bytesOf(wireType, reader)).toString();

/** Converts parameters to those of REST, so that the same checks apply. */
function checkParameters(parameters: readonly Parameter[], owner: string): void {
  readParameters(Object.fromEntries(parameters), owner);
}

/** A map entry: its key and its InferParameter, with 64-bit integers as text. */
function readParameter(bytes: Uint8Array, count: PartCount): Parameter {
  count.add(MESSAGE_WEIGHT);
  const parameter: Parameter = ['', false];
  readFields(bytes, count, (field, wireType, reader) => {
    if (field === 1) parameter[0] = textOf(wireType, reader);
    else if (field === 2)
      readFields(bytesOf(wireType, reader), count, (choice, type, value) => {
        if (choice === 1) parameter[1] = value.bool();
        else if (choice === 2) parameter[1] = String(value.int64());
        else if (choice === 3) parameter[1] = textOf(type, value);
        else if (choice === 4) parameter[1] = value.double();
        else if (choice === 5) parameter[1] = String(value.uint64());
        else return false;
        return true;
      });
    else return false;
    return true;
  });
  return parameter;
}

function readInput(bytes: Uint8Array, count: PartCount): InputMessage {
  count.add(MESSAGE_WEIGHT);
  const input: InputMessage = { name: '', datatype: '', shape: [], parameters: [], contents: [] };
  readFields(bytes, count, (field, wireType, reader) => {
    if (field === 1) input.name = textOf(wireType, reader);
    else if (field === 2) input.datatype = textOf(wireType, reader);
    else if (field === 3) readSizes(wireType, reader, input.shape, count);
    else if (field === 4) input.parameters.push(readParameter(bytesOf(wireType, reader), count));
    else if (field === 5) input.contents.push(bytesOf(wireType, reader));
    else return false;
    return true;
  });
  return input;
}

/** Sizes of a shape, packed or one by one. */
function readSizes(wireType: WireType, reader: BinaryReader, shape: number[], count: PartCount): void {
  const end = wireType === WireType.LengthDelimited ? reader.uint32() + reader.pos : reader.pos + 1;
  if (end > reader.len) throw new Error('premature EOF');
  while (reader.pos < end) {
    count.add();
    shape.push(Number(reader.int64()));
  }
}

/** The name of a requested output. */
function readOutput(bytes: Uint8Array, count: PartCount): string {
  count.add(MESSAGE_WEIGHT);
  let name = '';
  const parameters: Parameter[] = [];
  readFields(bytes, count, (field, wireType, reader) => {
    if (field === 1) name = textOf(wireType, reader);
    else if (field === 2) parameters.push(readParameter(bytesOf(wireType, reader), count));
    else return false;
    return true;
  });
  checkParameters(parameters, `output "${name}"`);
  return name;
}

function tensorOf(input: InputMessage, raw: Buffer | undefined, count: PartCount): NamedTensor {
  const { name, datatype, shape, parameters, contents } = input;
  const tensor = `input "${name}"`;
  if (!isDatatype(datatype)) {
    throw invalidTensor(`The datatype of ${tensor}`, `one of ${DATATYPE_NAMES.join(', ')}`, datatype);
  }
  checkShape(shape, tensor);
  checkParameters(parameters, tensor);
  if (raw && contents.length > 0) {
    throw new InvalidTensorError(`The ${tensor} must have either contents or raw_input_contents; received both`);
  }
  const data = raw
    ? readBinaryData(raw, datatype, shape, tensor)
    : readContents(contents, datatype, shape, tensor, count);
  return { name, datatype, shape, data };
}
