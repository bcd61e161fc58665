import type { AttributeProto, GraphProto, NodeProto, TensorProto } from 'onnx-buf';

/** A label as stored in a tensor. */
export type Label = bigint | string;

/** The labels of a graph's output. */
export interface GraphLabels {
  /** In the order of the classes; absent where the output is the class index itself. */
  readonly labels?: readonly Label[];
}

/** Operators that pass their first input on, changing at most its shape or type. */
const PASSES = new Set(['Identity', 'Cast', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Transpose']);
/** Operators that look up their second input in the first. */
const LOOKS_UP = new Set(['ArrayFeatureExtractor', 'Gather']);
/** TensorProto.DataType of onnx.proto3. */
const INT64 = 7;
const INT32 = 6;
const STRING = 8;

const utf8 = new TextDecoder();

function listOf(attributes: readonly AttributeProto[], name: string): readonly Label[] | undefined {
  const found = attributes.find((attribute) => attribute.name === name);
  if (!found) return undefined;
  const values = found.ints.length > 0 ? found.ints : found.strings.map((bytes) => utf8.decode(bytes));
  return values.length > 0 ? values : undefined;
}

/** Integers and texts of a constant; `undefined` for other types. */
function valuesOf(tensor: TensorProto | undefined): readonly Label[] | undefined {
  if (!tensor) return undefined;
  const { dataType, rawData, int64Data, int32Data, stringData } = tensor;
  if (dataType === STRING) return stringData.map((bytes) => utf8.decode(bytes));
  if (dataType === INT64 && rawData.length > 0) return Array.from(new BigInt64Array(new Uint8Array(rawData).buffer));
  if (dataType === INT64) return int64Data;
  if (dataType === INT32 && rawData.length > 0)
    return Array.from(new Int32Array(new Uint8Array(rawData).buffer), BigInt);
  return dataType === INT32 ? int32Data.map(BigInt) : undefined;
}

class LabelTrace {
  private readonly makers: ReadonlyMap<string, NodeProto>;
  private readonly constants: ReadonlyMap<string, TensorProto>;

  constructor({ node, initializer }: GraphProto) {
    this.makers = new Map(node.flatMap((maker) => maker.output.map((name) => [name, maker] as const)));
    this.constants = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  }

  follow(name: string, depth = 0): GraphLabels | undefined {
    const maker = this.makers.get(name);
    // A valid graph has no cycle, but this one is not validated yet.
    if (!maker || depth > this.makers.size) return undefined;
    const { opType, input, attribute } = maker;
    if (PASSES.has(opType)) return this.follow(input[0], depth + 1);
    if (opType === 'ArgMax') return {};
    if (LOOKS_UP.has(opType)) {
      const labels = valuesOf(this.constant(input[0]));
      return labels && { labels };
    }
    if (opType === 'LabelEncoder') return this.renamed(maker, depth);
    const labels = ['classlabels_int64s', 'classlabels_ints', 'classlabels_strings']
      .map((list) => listOf(attribute, list))
      .find((list) => list !== undefined);
    return maker.output[0] === name && labels ? { labels } : undefined;
  }

  private renamed({ input, attribute }: NodeProto, depth: number): GraphLabels | undefined {
    const list = (kind: string): readonly Label[] | undefined =>
      listOf(attribute, `${kind}_int64s`) ?? listOf(attribute, `${kind}_strings`);
    const [keys, values, before] = [list('keys'), list('values'), this.follow(input[0], depth + 1)];
    if (!keys || !values || !before) return undefined;
    const from = before.labels ?? keys.map((_, index) => BigInt(index));
    const labels = from.map((label) => values[keys.indexOf(label)]);
    return labels.includes(undefined as never) ? undefined : { labels };
  }

  private constant(name: string): TensorProto | undefined {
    const maker = this.makers.get(name);
    if (maker && PASSES.has(maker.opType)) return this.constant(maker.input[0]);
    return this.constants.get(name) ?? maker?.attribute.find(({ name: key }) => key === 'value')?.t;
  }
}

/**
 * Finds the labels of a graph's output by the operators that produce it: the classes of an ai.onnx.ml classifier, a
 * look-up table, or the index of the largest value.
 *
 * Source: https://onnx.ai/onnx/operators/ (`classlabels_*` of TreeEnsembleClassifier, LinearClassifier, SVMClassifier)
 *
 * @returns `undefined` where they cannot be derived
 */
export const graphLabels = (graph: GraphProto, output: string): GraphLabels | undefined =>
  new LabelTrace(graph).follow(output);
