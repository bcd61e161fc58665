import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  type AttributeProto,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type NodeProto,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type TensorProto,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** Typed constructors for the parts of the ONNX schema (onnx.proto3) that our models use. */

const utf8 = new TextEncoder();

/** A node attribute; the caller chooses between integers and floats. */
export const attribute = {
  int: (name: string, i: number): AttributeProto =>
    create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(i) }),
  ints: (name: string, ints: readonly number[]): AttributeProto =>
    create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: ints.map(BigInt) }),
  floats: (name: string, floats: readonly number[]): AttributeProto =>
    create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: [...floats] }),
  string: (name: string, s: string): AttributeProto =>
    create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: utf8.encode(s) }),
  tensor: (name: string, t: TensorProto): AttributeProto =>
    create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t }),
  strings: (name: string, strings: readonly string[]): AttributeProto =>
    create(AttributeProtoSchema, { name, type: AttributeType.STRINGS, strings: strings.map((s) => utf8.encode(s)) }),
};

export function node(
  opType: string,
  input: string[],
  output: string[],
  attributes: AttributeProto[] = [],
  domain = '',
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    name: `${opType}_${output[0]}`,
    domain,
    input,
    output,
    attribute: attributes,
  });
}

/** A constant float32 tensor; `dims` of `[]` is a scalar. */
export function floatTensor(name: string, dims: readonly number[], values: readonly number[]): TensorProto {
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: DataType.FLOAT, floatData: [...values] });
}

/** The same in float64. */
export function doubleTensor(name: string, dims: readonly number[], values: readonly number[]): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: DataType.DOUBLE,
    doubleData: [...values],
  });
}

/** A constant vector of whole numbers. */
export function int64Tensor(name: string, values: readonly number[]): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: [BigInt(values.length)],
    dataType: DataType.INT64,
    int64Data: values.map(BigInt),
  });
}

/** The same in bytes. */
export function uint8Tensor(name: string, values: readonly number[]): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: [BigInt(values.length)],
    dataType: DataType.UINT8,
    int32Data: [...values],
  });
}

/** Casts a tensor. */
export const cast = (to: 'FLOAT' | 'DOUBLE' | 'INT64', input: string, output: string): NodeProto =>
  node('Cast', [input], [output], [attribute.int('to', DataType[to])]);

/** A constant vector of class labels: int64 or string. */
export function labelTensor(name: string, labels: readonly number[] | readonly string[]): TensorProto {
  const dims = [BigInt(labels.length)];
  return typeof labels[0] === 'string'
    ? create(TensorProtoSchema, {
        name,
        dims,
        dataType: DataType.STRING,
        stringData: labels.map((s) => utf8.encode(String(s))),
      })
    : create(TensorProtoSchema, {
        name,
        dims,
        dataType: DataType.INT64,
        int64Data: labels.map((label) => BigInt(label)),
      });
}

/** A graph input or output; a named dimension, such as `'N'` for the rows, is dynamic. */
export function tensorInfo(
  name: string,
  type: 'FLOAT' | 'DOUBLE' | 'FLOAT16' | 'INT32' | 'INT64' | 'STRING',
  shape: readonly (string | number)[],
): ValueInfoProto {
  const dim = shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'string' ? { case: 'dimParam', value: size } : { case: 'dimValue', value: BigInt(size) },
    }),
  );
  const tensor = create(TypeProto_TensorSchema, {
    elemType: DataType[type],
    shape: create(TensorShapeProtoSchema, { dim }),
  });
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}

/** The versions of IR and ai.onnx, by that of ai.onnx.ml. */
const EDITIONS = { 3: { ir: 8n, onnx: 17n }, 5: { ir: 10n, onnx: 21n } } as const;

/** The bytes of an ONNX file, by ai.onnx.ml 3 unless a later version is needed. */
export function serializeModel({
  edition = 3,
  ...graph
}: {
  name: string;
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  node: NodeProto[];
  initializer: TensorProto[];
  edition?: keyof typeof EDITIONS;
}): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: EDITIONS[edition].ir,
    producerName: 'skewless',
    opsetImport: [
      { domain: '', version: EDITIONS[edition].onnx },
      { domain: 'ai.onnx.ml', version: BigInt(edition) },
    ],
    graph: create(GraphProtoSchema, graph),
  });
  return toBinary(ModelProtoSchema, model);
}
