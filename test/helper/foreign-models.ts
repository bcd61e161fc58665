import { create, toBinary } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { writeAliases, writeTensorBundle } from '#registry';

/** Models as other teams bring them: no pipeline, tensors of other types than ours, several of them. */

type Type = 'INT32' | 'STRING' | 'FLOAT' | 'FLOAT16';

function tensor(name: string, type: Type, shape: readonly (number | 'N')[]): ValueInfoProto {
  const dim = shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: size === 'N' ? { case: 'dimParam', value: size } : { case: 'dimValue', value: BigInt(size) },
    }),
  );
  const value = create(TypeProto_TensorSchema, {
    elemType: DataType[type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value } }),
  });
}

const node = (opType: string, input: string[], output: string[]): NodeProto =>
  create(NodeProtoSchema, { opType, name: `${opType}_${output[0]}`, input, output });

function model(name: string, input: ValueInfoProto[], output: ValueInfoProto[], nodes: NodeProto[]): Uint8Array {
  const graph = create(GraphProtoSchema, { name, input, output, node: nodes });
  const opsetImport = [{ domain: '', version: 17n }];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 8n, opsetImport, graph }));
}

/** Triton's example `simple`: OUTPUT0 = INPUT0 + INPUT1, OUTPUT1 = INPUT0 - INPUT1, all INT32 [N, 16]. */
export const adder = (): Uint8Array =>
  model(
    'simple',
    ['INPUT0', 'INPUT1'].map((name) => tensor(name, 'INT32', ['N', 16])),
    ['OUTPUT0', 'OUTPUT1'].map((name) => tensor(name, 'INT32', ['N', 16])),
    [node('Add', ['INPUT0', 'INPUT1'], ['OUTPUT0']), node('Sub', ['INPUT0', 'INPUT1'], ['OUTPUT1'])],
  );

/** Triton's example `simple_identity`: OUTPUT0 = INPUT0, texts [N, 16]. */
export const identity = (): Uint8Array =>
  model(
    'simple_identity',
    [tensor('INPUT0', 'STRING', ['N', 16])],
    [tensor('OUTPUT0', 'STRING', ['N', 16])],
    [node('Identity', ['INPUT0'], ['OUTPUT0'])],
  );

/** A model of a type that no protocol here carries. */
export const halves = (): Uint8Array =>
  model('halves', [tensor('x', 'FLOAT16', ['N'])], [tensor('y', 'FLOAT16', ['N'])], [node('Identity', ['x'], ['y'])]);

/** Writes a model without a pipeline and makes it the champion. @returns its folder */
export async function writeForeignModel(
  models: string,
  name: string,
  bytes: Uint8Array,
  version = '1',
): Promise<string> {
  const manifest = { format_version: 1, kind: 'tensor', name, version } as const;
  const directory = await writeTensorBundle(models, { manifest, model: bytes });
  await writeAliases(models, name, { champion: version });
  return directory;
}
