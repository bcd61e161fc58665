import { readJson } from '../../http/json/read-json.js';
import { inSteps, type Steps } from '../../http/steps.js';
import type { InferRequest } from '../data-plane/infer-request.js';
import { readBinarySteps } from '../tensors/binary-data.js';
import { DATATYPE_NAMES, isDatatype } from '../tensors/datatype.js';
import { InvalidTensorError, invalidTensor } from '../../problem/invalid-tensor.error.js';
import { readJsonTensor } from '../tensors/json-data.js';
import { checkShape } from '../tensors/shape.js';
import type { NamedTensor } from '../tensors/tensor.js';
import { type Parameters, readFlag, readParameters } from '../parameters.js';
import { isObject } from '../../http/is-object.js';
import type { SplitBody } from './split-body.js';

/** An inference request over REST. */
export interface RestInferRequest extends InferRequest {
  /** Whether an output goes into the binary part of the answer. */
  readonly isBinary: (output: string) => boolean;
}

/** Consumes the binary part of a body, tensor by tensor. */
class BinaryPart {
  private offset = 0;

  constructor(private readonly bytes: Buffer) {}

  take(size: unknown, tensor: string): Buffer {
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      throw invalidTensor(`binary_data_size of ${tensor}`, 'a whole number of bytes', size);
    }
    const left = this.bytes.length - this.offset;
    if ((size as number) > left) {
      throw invalidTensor(`binary_data_size of ${tensor}`, `at most the ${left} bytes that follow the JSON`, size);
    }
    this.offset += size as number;
    return this.bytes.subarray(this.offset - (size as number), this.offset);
  }

  /** @throws InvalidTensorError if bytes are left over */
  finish(): void {
    const left = this.bytes.length - this.offset;
    if (left > 0) {
      throw new InvalidTensorError(`${left} bytes follow the JSON that no input's binary_data_size accounts for`);
    }
  }
}

function* readInput(input: unknown, index: number, binary: BinaryPart): Steps<NamedTensor> {
  if (!isObject(input)) throw invalidTensor(`inputs[${index}]`, 'an object with name, datatype, shape and data', input);
  const { name, datatype, shape, data } = input;
  if (typeof name !== 'string') throw invalidTensor(`The name of inputs[${index}]`, 'a string', name);
  const tensor = `input "${name}"`;
  if (!isDatatype(datatype)) {
    throw invalidTensor(`The datatype of ${tensor}`, `one of ${DATATYPE_NAMES.join(', ')}`, datatype);
  }
  checkShape(shape, tensor);
  const { binary_data_size: size } = readParameters(input.parameters, tensor);
  if (size !== undefined && data !== undefined && data !== null) {
    throw new InvalidTensorError(`The ${tensor} must have either data or binary_data_size; received both`);
  }
  if (size === undefined) return yield* readJsonTensor(data, { name, datatype, shape });
  const elements = yield* readBinarySteps(binary.take(size, tensor), datatype, shape, tensor);
  return { name, datatype, shape, data: elements };
}

function* readInputs(inputs: readonly unknown[], bytes: Buffer): Steps<NamedTensor[]> {
  const binary = new BinaryPart(bytes);
  const tensors: NamedTensor[] = [];
  for (const [i, input] of inputs.entries()) tensors.push(yield* readInput(input, i, binary));
  binary.finish();
  return tensors;
}

/** Names of the requested outputs, and whether each is requested in binary form. */
function readOutputs(outputs: unknown): Map<string, boolean | undefined> | undefined {
  if (outputs === undefined || outputs === null) return undefined;
  if (!Array.isArray(outputs)) throw invalidTensor('outputs', 'an array', outputs);
  const requested = outputs.map((output: unknown, i) => {
    if (!isObject(output) || typeof output.name !== 'string') {
      throw invalidTensor(`outputs[${i}]`, 'an object with the name of an output', output);
    }
    const owner = `output "${output.name}"`;
    return [output.name, readFlag(readParameters(output.parameters, owner), 'binary_data', owner)] as const;
  });
  return requested.length > 0 ? new Map(requested) : undefined;
}

/**
 * Reads the protocol's inference request, with the binary tensor extension; yields to the event loop while reading a
 * large one.
 *
 * @throws Problem `malformed-json`
 * @throws InvalidTensorError naming what violates the protocol
 */
export async function readInferRequest({ json, binary }: SplitBody): Promise<RestInferRequest> {
  const request = await readJson(json, { nonFinite: true });
  if (!isObject(request)) throw invalidTensor('The body', 'a JSON object with inputs', request);
  const { id, inputs } = request;
  if (id !== undefined && id !== null && typeof id !== 'string') throw invalidTensor('id', 'a string', id);
  if (!Array.isArray(inputs)) throw invalidTensor('inputs', 'an array of tensors', inputs);
  const parameters: Parameters = readParameters(request.parameters, 'the request');
  const allBinary = readFlag(parameters, 'binary_data_output', 'the request') ?? false;
  const outputs = readOutputs(request.outputs);
  return {
    ...(typeof id === 'string' && { id }),
    ...(parameters.routing_key !== undefined && { routingKey: String(parameters.routing_key) }),
    ...(parameters.external_id !== undefined && { externalId: parameters.external_id }),
    inputs: await inSteps(readInputs(inputs, binary)),
    ...(outputs && { outputs: [...outputs.keys()] }),
    isBinary: (output) => outputs?.get(output) ?? allBinary,
  };
}
