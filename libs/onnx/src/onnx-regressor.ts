import type { NodeProto, TensorProto } from 'onnx-buf';
import { int64Tensor, node, serializeModel, tensorInfo } from './onnx-graph.js';
import { OnnxError } from './onnx.error.js';
import type { LinearLink } from './linear-model.js';

/** The operators of elementwise links. */
const OPERATORS: Partial<Record<LinearLink, string>> = {
  identity: 'Identity',
  exponential: 'Exp',
  logistic: 'Sigmoid',
};

/**
 * The bytes of a regression: `features` [N, features] -> `prediction` float64 [N], by nodes whose output is `margins`
 * float64 [N, 1].
 */
export function serializeRegressor(graph: {
  readonly name: string;
  readonly features: number;
  readonly input: 'float32' | 'float64';
  readonly link: LinearLink;
  readonly initializer: readonly TensorProto[];
  readonly node: readonly NodeProto[];
  readonly edition?: 3 | 5;
}): Uint8Array {
  const { name, features, input, link, edition } = graph;
  const operator = OPERATORS[link];
  if (!operator) throw new OnnxError(`ends with ${link}, which gives classes`, 'Write it as a classifier');
  return serializeModel({
    name,
    input: [tensorInfo('features', input === 'float32' ? 'FLOAT' : 'DOUBLE', ['N', features])],
    output: [tensorInfo('prediction', 'DOUBLE', ['N'])],
    initializer: [...graph.initializer, int64Tensor('flat', [-1])],
    node: [...graph.node, node(operator, ['margins'], ['values']), node('Reshape', ['values', 'flat'], ['prediction'])],
    edition,
  });
}
