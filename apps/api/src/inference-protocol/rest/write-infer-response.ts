import { inSteps, type Steps } from '../../http/steps.js';
import type { InferResult } from '../data-plane/infer-request.js';
import { writeBinaryData } from '../tensors/binary-data.js';
import { writeJsonData } from '../tensors/json-data.js';
import type { RestInferRequest } from './read-infer-request.js';

const PACK_CHARACTERS = 65_536;

type Asked = Pick<RestInferRequest, 'id' | 'isBinary'>;

/** A serialized body. */
export interface InferBody {
  readonly body: Buffer;
  /** Length of the JSON, if binary data follow it. */
  readonly jsonLength?: number;
}

/** Writes the text of an answer, and collects the tensors of its binary part. */
function* writeJson(
  { modelName, modelVersion, outputs }: InferResult,
  { id, isBinary }: Asked,
  binary: Buffer[],
): Generator<string, void> {
  const identity = `"model_name":${JSON.stringify(modelName)},"model_version":${JSON.stringify(modelVersion)}`;
  yield `{${id === undefined ? '' : `"id":${JSON.stringify(id)},`}${identity},"outputs":[`;
  for (const [i, tensor] of outputs.entries()) {
    const head = `{"name":${JSON.stringify(tensor.name)},"datatype":"${tensor.datatype}","shape":[${tensor.shape.join(',')}]`;
    yield i === 0 ? head : `,${head}`;
    if (isBinary(tensor.name)) {
      const bytes = writeBinaryData(tensor);
      binary.push(bytes);
      yield `,"parameters":{"binary_data_size":${bytes.length}}}`;
    } else {
      yield ',"data":';
      yield* writeJsonData(tensor);
      yield '}';
    }
  }
  yield ']}';
}

/** Joins pieces of text into larger buffers, one for each step. */
function* packed(pieces: Iterable<string>): Steps<Buffer> {
  const packs: Buffer[] = [];
  let pack = '';
  for (const piece of pieces) {
    pack += piece;
    if (pack.length < PACK_CHARACTERS) continue;
    packs.push(Buffer.from(pack));
    pack = '';
    yield;
  }
  packs.push(Buffer.from(pack));
  return packs.length === 1 ? packs[0] : Buffer.concat(packs);
}

/**
 * Writes the protocol's inference response, with the binary tensor extension if requested; yields to the event loop
 * while writing a long one.
 */
export async function writeInferResponse(result: InferResult, asked: Asked): Promise<InferBody> {
  const binary: Buffer[] = [];
  const json = await inSteps(packed(writeJson(result, asked, binary)));
  return binary.length === 0 ? { body: json } : { body: Buffer.concat([json, ...binary]), jsonLength: json.length };
}
