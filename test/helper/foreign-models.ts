import type { NodeProto, ValueInfoProto } from 'onnx-buf';
import { type LabelSource, writeAliases, writeTensorBundle } from '#registry';
import { node, serializeModel, tensorInfo } from '../../libs/forest/src/onnx-graph.js';

/** Models as other teams bring them: no pipeline, tensors of other types than ours, several of them. */

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

/** A model of a type that no protocol here carries. */
export const halves = (): Uint8Array =>
  model(
    'halves',
    [tensorInfo('x', 'FLOAT16', ['N'])],
    [tensorInfo('y', 'FLOAT16', ['N'])],
    [node('Identity', ['x'], ['y'])],
  );

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
