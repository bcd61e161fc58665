import type { InferRequest, InferResult } from '../inference-protocol/data-plane/infer-request.js';
import { readParameters } from '../inference-protocol/parameters.js';
import { readBinaryData, writeBinaryData } from '../inference-protocol/tensors/binary-data.js';
import { DATATYPE_NAMES, isDatatype } from '../inference-protocol/tensors/datatype.js';
import { InvalidTensorError, invalidTensor } from '../inference-protocol/tensors/invalid-tensor.error.js';
import { checkShape } from '../inference-protocol/tensors/shape.js';
import type { NamedTensor } from '../inference-protocol/tensors/tensor.js';
import type { InferInputTensor, InferParameters, ModelInferRequest, ModelInferResponse } from './messages.js';
import { readContents, writeContents } from './tensor-contents.js';

/** Parameters as REST has them, to be judged alike. */
function checkParameters(parameters: InferParameters, owner: string): void {
  const values = Object.entries(parameters).map(([name, { parameter_choice: choice, ...parameter }]) => [
    name,
    choice === undefined ? false : parameter[choice],
  ]);
  readParameters(Object.fromEntries(values), owner);
}

function readInput(input: InferInputTensor, raw: Buffer | undefined): NamedTensor {
  const { name, datatype, contents } = input;
  const tensor = `input "${name}"`;
  if (!isDatatype(datatype)) {
    throw invalidTensor(`The datatype of ${tensor}`, `one of ${DATATYPE_NAMES.join(', ')}`, datatype);
  }
  const shape = input.shape.map(Number);
  checkShape(shape, tensor);
  checkParameters(input.parameters, tensor);
  if (raw && contents) {
    throw new InvalidTensorError(`The ${tensor} must have either contents or raw_input_contents; received both`);
  }
  const data = raw ? readBinaryData(raw, datatype, shape, tensor) : readContents(contents, datatype, shape, tensor);
  return { name, datatype, shape, data };
}

/** @throws InvalidTensorError naming what does not follow the protocol */
export function readInferMessage(message: ModelInferRequest): InferRequest {
  const { id, inputs, outputs, raw_input_contents: raw } = message;
  if (raw.length > 0 && raw.length !== inputs.length) {
    throw new InvalidTensorError(
      `raw_input_contents must have one entry per input, ${inputs.length}; received ${raw.length}`,
    );
  }
  checkParameters(message.parameters, 'the request');
  for (const { name, parameters } of outputs) checkParameters(parameters, `output "${name}"`);
  return {
    id,
    inputs: inputs.map((input, i) => readInput(input, raw[i])),
    ...(outputs.length > 0 && { outputs: outputs.map(({ name }) => name) }),
  };
}

/** @param isRaw whether the request was raw: the answer is in the form of the request */
export function writeInferMessage(result: InferResult, id: string, isRaw: boolean): ModelInferResponse {
  return {
    model_name: result.modelName,
    model_version: result.modelVersion,
    id,
    outputs: result.outputs.map((tensor) => ({
      name: tensor.name,
      datatype: tensor.datatype,
      shape: tensor.shape,
      ...(!isRaw && { contents: writeContents(tensor) }),
    })),
    raw_output_contents: isRaw ? result.outputs.map(writeBinaryData) : [],
  };
}
