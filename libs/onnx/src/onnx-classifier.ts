import type { NodeProto, TensorProto } from 'onnx-buf';
import { attribute, labelTensor, node, serializeModel, tensorInfo } from './onnx-graph.js';

/** Class labels by class index: all whole numbers or all strings. */
export type ClassLabels = readonly number[] | readonly string[];

/**
 * The bytes of a classifier: `features` [N, features] -> `probabilities` float32 [N, classes], by the given nodes, and
 * `label` int64 or string [N], the most probable class (ties go to the first).
 */
export function serializeClassifier(graph: {
  readonly name: string;
  readonly features: number;
  /** float32 when not given. */
  readonly input?: 'float32' | 'float64';
  readonly classes: ClassLabels;
  readonly initializer: readonly TensorProto[];
  readonly node: readonly NodeProto[];
  readonly edition?: 3 | 5;
}): Uint8Array {
  const { name, features, input, classes, edition } = graph;
  return serializeModel({
    name,
    input: [tensorInfo('features', input === 'float64' ? 'DOUBLE' : 'FLOAT', ['N', features])],
    output: [
      tensorInfo('label', typeof classes[0] === 'string' ? 'STRING' : 'INT64', ['N']),
      tensorInfo('probabilities', 'FLOAT', ['N', classes.length]),
    ],
    initializer: [...graph.initializer, labelTensor('classes', classes)],
    node: [
      ...graph.node,
      node('ArgMax', ['probabilities'], ['class_index'], [attribute.int('axis', 1), attribute.int('keepdims', 0)]),
      node('Gather', ['classes', 'class_index'], ['label']),
    ],
    edition,
  });
}
