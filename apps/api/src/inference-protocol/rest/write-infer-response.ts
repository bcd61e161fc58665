import type { InferResult } from '../data-plane/infer-request.js';
import { writeBinaryData } from '../tensors/binary-data.js';
import { writeJsonData } from '../tensors/json-data.js';
import type { RestInferRequest } from './read-infer-request.js';

/** A body as it goes out. */
export interface InferBody {
  readonly body: Buffer;
  /** Length of the JSON when binary data follows it. */
  readonly jsonLength?: number;
}

/** Writes the protocol's inference response, with the binary tensor extension where it was asked for. */
export function writeInferResponse(
  { modelName, modelVersion, outputs }: InferResult,
  { id, isBinary }: Pick<RestInferRequest, 'id' | 'isBinary'>,
): InferBody {
  const binary: Buffer[] = [];
  const tensors = outputs.map((tensor) => {
    const head = `{"name":${JSON.stringify(tensor.name)},"datatype":"${tensor.datatype}","shape":[${tensor.shape.join(',')}]`;
    if (!isBinary(tensor.name)) return `${head},"data":${writeJsonData(tensor)}}`;
    const bytes = writeBinaryData(tensor);
    binary.push(bytes);
    return `${head},"parameters":{"binary_data_size":${bytes.length}}}`;
  });
  const identity = `"model_name":${JSON.stringify(modelName)},"model_version":${JSON.stringify(modelVersion)}`;
  const json = Buffer.from(
    `{${id === undefined ? '' : `"id":${JSON.stringify(id)},`}${identity},"outputs":[${tensors.join(',')}]}`,
  );
  return binary.length === 0 ? { body: json } : { body: Buffer.concat([json, ...binary]), jsonLength: json.length };
}
