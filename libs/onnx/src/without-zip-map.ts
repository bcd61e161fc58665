import { create, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorShapeProto_DimensionSchema as DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
} from 'onnx-buf';
import { parseModel } from './parse-model.js';

const OPERATOR = 'ZipMap';

/** The number of classes of the maps. */
function classesOf({ attribute }: NodeProto): number {
  return Math.max(...attribute.map(({ ints, strings }) => Math.max(ints.length, strings.length)));
}

/** Outputs the probabilities as they enter the operator: float32 [N, classes]. */
function replace(graph: GraphProto, zipMap: NodeProto): void {
  const [result] = zipMap.output;
  const dim = [
    create(DimensionSchema, { value: { case: 'dimParam', value: 'N' } }),
    create(DimensionSchema, { value: { case: 'dimValue', value: BigInt(classesOf(zipMap)) } }),
  ];
  const value = create(TypeProto_TensorSchema, {
    elemType: DataType.FLOAT,
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  const output = graph.output.find(({ name }) => name === result);
  if (output) output.type = create(TypeProtoSchema, { value: { case: 'tensorType', value } });
  const { input, output: outputs, name } = zipMap;
  graph.node[graph.node.indexOf(zipMap)] = create(NodeProtoSchema, {
    opType: 'Identity',
    name,
    input,
    output: outputs,
  });
}

/**
 * Replaces the output of skl2onnx's ZipMap, a list of maps from label to probability, by the tensor that it is made of.
 *
 * Source: https://onnx.ai/onnx/operators/onnx_aionnxml_ZipMap.html
 *
 * @returns the model, and the names of the changed outputs
 * @throws OnnxError when the bytes are no ONNX model
 */
export function withoutZipMap(model: Buffer): { model: Uint8Array; changed: readonly string[] } {
  if (!model.includes(OPERATOR)) return { model, changed: [] };
  const parsed = parseModel(model);
  const zipMaps = parsed.graph?.node.filter(({ opType }) => opType === OPERATOR) ?? [];
  for (const zipMap of zipMaps) replace(parsed.graph!, zipMap);
  return { model: toBinary(ModelProtoSchema, parsed), changed: zipMaps.map(({ output }) => output[0]) };
}
