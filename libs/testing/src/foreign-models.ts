import { create } from '@bufbuild/protobuf';
import {
  type NodeProto,
  TensorProtoSchema,
  TypeProto_MapSchema,
  TypeProto_SequenceSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { type LabelSource, writeAliases, writeTensorBundle } from '#bundle';
import { attribute, node, serializeModel, tensorInfo } from '#onnx';

/** Models as other teams bring them: no pipeline, several tensors, and types that our own models do not use. */

const model = (name: string, input: ValueInfoProto[], output: ValueInfoProto[], nodes: NodeProto[]): Uint8Array =>
  serializeModel({ name, input, output, node: nodes, initializer: [] });

/** Triton's example `simple`: OUTPUT0 = INPUT0 + INPUT1, OUTPUT1 = INPUT0 - INPUT1, all INT32 [N, 16]. */
export const adder = (): Uint8Array =>
  model(
    'simple',
    ['INPUT0', 'INPUT1'].map((name) => tensorInfo(name, 'INT32', ['N', 16])),
    ['OUTPUT0', 'OUTPUT1'].map((name) => tensorInfo(name, 'INT32', ['N', 16])),
    [node('Add', ['INPUT0', 'INPUT1'], ['OUTPUT0']), node('Sub', ['INPUT0', 'INPUT1'], ['OUTPUT1'])],
  );

/** Triton's example `simple_identity`: OUTPUT0 = INPUT0, texts [N, 16]. */
export const identity = (): Uint8Array =>
  model(
    'simple_identity',
    [tensorInfo('INPUT0', 'STRING', ['N', 16])],
    [tensorInfo('OUTPUT0', 'STRING', ['N', 16])],
    [node('Identity', ['INPUT0'], ['OUTPUT0'])],
  );

/** Similarity of N things to M others: two independent dynamic dimensions. */
export const likeness = (): Uint8Array =>
  model(
    'likeness',
    [tensorInfo('query', 'FLOAT', ['N', 3]), tensorInfo('keys', 'FLOAT', ['M', 3])],
    [tensorInfo('scores', 'FLOAT', ['N', 'M'])],
    [
      node('Transpose', ['keys'], ['turned'], [attribute.ints('perm', [1, 0])]),
      node('MatMul', ['query', 'turned'], ['scores']),
    ],
  );

/** Lowers texts, like the first node of a vectorizer by skl2onnx. @param locale none when not given */
export const lowers = (locale?: string): Uint8Array =>
  model(
    'lowers',
    [tensorInfo('text', 'STRING', ['N'])],
    [tensorInfo('lowered', 'STRING', ['N'])],
    [
      node(
        'StringNormalizer',
        ['text'],
        ['lowered'],
        [
          attribute.string('case_change_action', 'LOWER'),
          ...(locale === undefined ? [] : [attribute.string('locale', locale)]),
        ],
      ),
    ],
  );

/** Negates an input of unknown rank. */
export function unranked(): Uint8Array {
  const open = (name: string): ValueInfoProto => {
    const info = tensorInfo(name, 'FLOAT', []);
    const value = info.type!.value;
    if (value.case === 'tensorType') value.value.shape = undefined;
    return info;
  };
  return model('unranked', [open('x')], [open('y')], [node('Neg', ['x'], ['y'])]);
}

/** A model of a type that none of our protocols carries. */
export const halves = (): Uint8Array =>
  model(
    'halves',
    [tensorInfo('x', 'FLOAT16', ['N'])],
    [tensorInfo('y', 'FLOAT16', ['N'])],
    [node('Identity', ['x'], ['y'])],
  );

/**
 * Adds a weight to each of three scores and returns them as maps, as skl2onnx's ZipMap does.
 *
 * @param location of the file that holds the weights, three float32
 */
export function zippedWithData(location: string): Uint8Array {
  const mapType = create(TypeProto_MapSchema, { keyType: 8, valueType: tensorInfo('', 'FLOAT', []).type });
  const elemType = create(TypeProtoSchema, { value: { case: 'mapType', value: mapType } });
  const sequence = create(TypeProto_SequenceSchema, { elemType });
  const type = create(TypeProtoSchema, { value: { case: 'sequenceType', value: sequence } });
  const weights = create(TensorProtoSchema, {
    ...{ name: 'weights', dims: [3n], dataType: 1, dataLocation: 1 },
    externalData: [{ key: 'location', value: location }],
  });
  return serializeModel({
    name: 'zipped',
    input: [tensorInfo('scores', 'FLOAT', ['N', 3])],
    output: [create(ValueInfoProtoSchema, { name: 'maps', type })],
    node: [
      node('Add', ['scores', 'weights'], ['sums']),
      node('ZipMap', ['sums'], ['maps'], [attribute.strings('classlabels_strings', ['a', 'b', 'c'])], 'ai.onnx.ml'),
    ],
    initializer: [weights],
  });
}

/** Writes a model without a pipeline and makes it the champion. @returns its folder */
export async function writeForeignModel(
  models: string,
  name: string,
  bytes: Uint8Array,
  version = '1',
  labels?: LabelSource,
): Promise<string> {
  const manifest = { format_version: 1, kind: 'tensor', name, version, ...(labels && { labels }) } as const;
  const directory = await writeTensorBundle(models, { manifest, model: bytes });
  await writeAliases(models, name, { champion: version });
  return directory;
}
