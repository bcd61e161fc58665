import type { NodeProto } from 'onnx-buf';
import { attribute, node } from './onnx-graph.js';

/**
 * Turns `margins` [N, outputs] into class probabilities: a sigmoid where there is one margin, that of the second class,
 * else a softmax. The sigmoid needs the scalar `one`.
 */
export function probabilityNodes(outputs: number, result: string): NodeProto[] {
  const axis = attribute.int('axis', 1);
  if (outputs > 1) return [node('Softmax', ['margins'], [result], [axis])];
  return [
    node('Sigmoid', ['margins'], ['of_second']),
    node('Sub', ['one', 'of_second'], ['of_first']),
    node('Concat', ['of_first', 'of_second'], [result], [axis]),
  ];
}
