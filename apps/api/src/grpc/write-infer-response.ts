import type { InferResult } from '../inference-protocol/data-plane/infer-request.js';
import { writeBinaryData } from '../inference-protocol/tensors/binary-data.js';
import type { ModelInferResponse } from './messages.js';
import { writeContents } from './tensor-contents.js';

/** @param isRaw whether the request was raw; the answer has the same form */
export function writeInferResponse(result: InferResult, id: string, isRaw: boolean): ModelInferResponse {
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
