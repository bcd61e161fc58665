import { toBinary } from '@bufbuild/protobuf';
import {
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataLocation as DataLocation,
  TensorProtoSchema,
} from 'onnx-buf';
import { OnnxError } from './onnx.error.js';
import { messagesIn, parseModel } from './parse-model.js';

/** The key of an external tensor's file name (onnx.proto3, TensorProto.external_data). */
const LOCATION = Buffer.from('location');

/** The limit of protobuf, and so of ONNX in one file. */
const MODEL_BYTES = 2 ** 31 - 1;

const REMEDY = 'Export it as one file: onnx.save_model(model, path, save_as_external_data=False)';

/** Every external tensor of a model. */
function externalTensors(model: ModelProto): TensorProto[] {
  const found: TensorProto[] = [];
  for (const [schema, message] of messagesIn(ModelProtoSchema, model)) {
    // A later schema of ONNX may have tensors in fields unknown to this one.
    if (message.$unknown?.some(({ data }) => Buffer.from(data).includes(LOCATION))) {
      throw new OnnxError('has fields that no ONNX of today knows, and they name other files', REMEDY);
    }
    if (schema.typeName !== TensorProtoSchema.typeName) continue;
    const tensor = message as TensorProto;
    if (tensor.externalData.length > 0 || tensor.dataLocation === DataLocation.EXTERNAL) found.push(tensor);
  }
  return found;
}

const entriesOf = ({ externalData }: TensorProto): Map<string, string> =>
  new Map(externalData.map(({ key, value }) => [key, value]));

/** Names of a model's external files, as it writes them. @throws OnnxError when it is not an ONNX model */
export function externalFiles(model: Buffer): string[] {
  const tensors = externalTensors(parseModel(model));
  return [...new Set(tensors.map((tensor) => entriesOf(tensor).get('location') ?? ''))];
}

/** An offset or length: a whole number in digits. */
function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
}

/**
 * Embeds a model's external data, so that ONNX Runtime opens no other file: a path in a model could lead anywhere on
 * the disk.
 *
 * @param files the only files that data are read from, by the name in the model
 * @throws OnnxError naming the first tensor whose file is not among them, or that exceeds its file
 */
export function withExternalData(model: Buffer, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parsed = parseModel(model);
  const tensors = externalTensors(parsed);
  if (tensors.length === 0) return model;
  let bytes = model.length;
  for (const tensor of tensors) {
    const entries = entriesOf(tensor);
    const location = entries.get('location') ?? '';
    const file = files.get(location);
    if (!file) {
      const problem = `keeps the data of its tensor "${tensor.name}" in another file, ${JSON.stringify(location)}, which is not listed beside it`;
      throw new OnnxError(problem, REMEDY);
    }
    const offset = numberOf(entries.get('offset'), 0);
    const length = numberOf(entries.get('length'), file.length - offset);
    if (!(length >= 0 && offset + length <= file.length)) {
      const problem = `places the data of its tensor "${tensor.name}" beyond the ${file.length} bytes of ${location}`;
      throw new OnnxError(problem, 'Bring both files again, from one export');
    }
    bytes += length;
    if (bytes > MODEL_BYTES) throw new OnnxError(`has over ${MODEL_BYTES} bytes with its data`, 'Serve a smaller one');
    tensor.rawData = file.subarray(offset, offset + length) as Uint8Array<ArrayBuffer>;
    tensor.dataLocation = DataLocation.DEFAULT;
    tensor.externalData = [];
  }
  return toBinary(ModelProtoSchema, parsed);
}
