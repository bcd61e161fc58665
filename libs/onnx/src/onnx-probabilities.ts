import type { NodeProto, TensorProto } from 'onnx-buf';
import type { LinearLink } from './linear-model.js';
import { attribute, cast, doubleTensor, int64Tensor, node } from './onnx-graph.js';

const BY_CLASS = attribute.int('axis', 1);

/** Probabilities of both classes from that of the second, in the type of the scalar `one`. */
export const bothShares = (ofSecond: string, result: string, prefix = ''): NodeProto[] => [
  node('Sub', ['one', ofSecond], [`${prefix}of_first`]),
  node('Concat', [`${prefix}of_first`, ofSecond], [result], [BY_CLASS]),
];

/**
 * Converts `margins` [N, outputs] to class probabilities: a sigmoid for a single margin, that of the second class, else
 * a softmax. The sigmoid needs the scalar `one`.
 */
export function probabilityNodes(outputs: number, result: string): NodeProto[] {
  if (outputs > 1) return [node('Softmax', ['margins'], [result], [BY_CLASS])];
  return [node('Sigmoid', ['margins'], ['of_second']), ...bothShares('of_second', result)];
}

/** Part of a graph: nodes and their constants. */
export interface GraphPart {
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
}

/** Normalises float64 class scores by their sum; where that is 0, all classes are equally probable. */
export function sharesOfSum(numbers: string, classes: number, result: string, prefix = ''): GraphPart {
  const name = (of: string): string => `${prefix}${of}`;
  return {
    initializer: [
      int64Tensor(name('classes_axis'), [1]),
      doubleTensor(name('nothing'), [], [0]),
      doubleTensor(name('even_share'), [], [1 / classes]),
    ],
    node: [
      node('ReduceSum', [numbers, name('classes_axis')], [name('sum_of_classes')], [attribute.int('keepdims', 1)]),
      node('Equal', [name('sum_of_classes'), name('nothing')], [name('has_no_sum')]),
      node('Div', [numbers, name('sum_of_classes')], [name('shares_of_sum')]),
      node('Where', [name('has_no_sum'), name('even_share'), name('shares_of_sum')], [result]),
    ],
  };
}

/** Class probabilities of float64 `margins` [N, outputs], by a link; needs the scalar `one`. */
export function shareNodes(link: LinearLink, outputs: number, result: string): GraphPart {
  if (link === 'identity') {
    return {
      initializer: [],
      node: outputs > 1 ? [node('Identity', ['margins'], [result])] : bothShares('margins', result),
    };
  }
  if (link === 'one_vs_rest') {
    const { initializer, node: nodes } = sharesOfSum('each', outputs, result);
    return { initializer, node: [node('Sigmoid', ['margins'], ['each']), ...nodes] };
  }
  if (link !== 'decision') return { initializer: [], node: probabilityNodes(outputs, result) };
  if (outputs === 1) {
    return {
      initializer: [doubleTensor('boundary', [], [0])],
      node: [
        node('Greater', ['margins', 'boundary'], ['is_second']),
        cast('DOUBLE', 'is_second', 'of_second'),
        ...bothShares('of_second', result),
      ],
    };
  }
  return {
    initializer: [int64Tensor('places', [...Array(outputs).keys()])],
    node: [
      node('ArgMax', ['margins'], ['decided'], [BY_CLASS, attribute.int('keepdims', 1)]),
      node('Equal', ['places', 'decided'], ['is_decided']),
      cast('DOUBLE', 'is_decided', result),
    ],
  };
}
