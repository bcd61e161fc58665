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

/** A key of every entry that places a tensor's data outside the model's file (onnx.proto3, TensorProto.external_data). */
const LOCATION = Buffer.from('location');

/** What protobuf, and so ONNX in one file, can hold. */
const MODEL_BYTES = 2 ** 31 - 1;

const REMEDY = 'Export it as one file: onnx.save_model(model, path, save_as_external_data=False)';

/** Every tensor of a model whose data is elsewhere. */
function externalTensors(model: ModelProto): TensorProto[] {
  const found: TensorProto[] = [];
  for (const [schema, message] of messagesIn(ModelProtoSchema, model)) {
    // A later schema of ONNX may keep tensors where this one knows nothing.
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

/** Names of the files that a model keeps data in, as it writes them. @throws OnnxError when it is no ONNX model */
export function externalFiles(model: Buffer): string[] {
  const tensors = externalTensors(parseModel(model));
  return [...new Set(tensors.map((tensor) => entriesOf(tensor).get('location') ?? ''))];
}

/** A place within a file: a whole number, in digits. */
function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
}

/**
 * Puts a model's external data into the model, so that ONNX Runtime opens no other file: a path in a model could lead
 * anywhere on the disk.
 *
 * @param files the only ones that data are taken from, by the name that the model uses
 * @throws OnnxError naming the first tensor whose data are in no such file, or beyond its end
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
