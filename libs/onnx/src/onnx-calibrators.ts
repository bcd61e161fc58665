import type { NodeProto } from 'onnx-buf';
import type { Calibrator } from './calibrated-model.js';
import { attribute, cast, doubleTensor, int64Tensor, node } from './onnx-graph.js';
import type { GraphPart } from './onnx-probabilities.js';

/**
 * Calibrates float64 `margins` [N, calibrators], column by column, to `result` of the same shape.
 *
 * @param prefix of all names, so that one graph can hold several
 */
export function calibratorNodes(
  margins: string,
  calibrators: readonly Calibrator[],
  result: string,
  prefix: string,
): GraphPart {
  const parts = calibrators.map((calibrator, k) => {
    const own = `${prefix}${k}_`;
    const column: NodeProto = node('Gather', [margins, `${own}place`], [`${own}margin`], [attribute.int('axis', 1)]);
    const { initializer, node: nodes } =
      calibrator.kind === 'sigmoid' ? sigmoidOf(calibrator, own) : lineOf(calibrator, own);
    return { initializer: [int64Tensor(`${own}place`, [k]), ...initializer], node: [column, ...nodes] };
  });
  const columns = calibrators.map((_, k) => `${prefix}${k}_calibrated`);
  return {
    initializer: parts.flatMap(({ initializer }) => initializer),
    node: [...parts.flatMap(({ node: nodes }) => nodes), node('Concat', columns, [result], [attribute.int('axis', 1)])],
  };
}

function sigmoidOf({ a, b }: Extract<Calibrator, { kind: 'sigmoid' }>, own: string): GraphPart {
  return {
    initializer: [doubleTensor(`${own}a`, [], [a]), doubleTensor(`${own}b`, [], [b])],
    node: [
      node('Mul', [`${own}margin`, `${own}a`], [`${own}scaled`]),
      node('Add', [`${own}scaled`, `${own}b`], [`${own}moved`]),
      node('Neg', [`${own}moved`], [`${own}turned`]),
      node('Sigmoid', [`${own}turned`], [`${own}calibrated`]),
    ],
  };
}

/** Linear interpolation: the number of points left of the margin selects the segment. */
function lineOf({ x, y }: Extract<Calibrator, { kind: 'isotonic' }>, own: string): GraphPart {
  // A single point gives a constant: its one segment has no length.
  const [xs, ys] =
    x.length > 1
      ? [x, y]
      : [
          [x[0], x[0] + 1],
          [y[0], y[0]],
        ];
  const pieces = xs.length - 1;
  const slopes = Array.from({ length: pieces }, (_, i) => (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]));
  const at = (table: string): string => `${own}${table}`;
  return {
    initializer: [
      doubleTensor(at('first'), [], [xs[0]]),
      doubleTensor(at('last'), [], [xs[pieces]]),
      doubleTensor(at('points'), [1, xs.length], xs),
      doubleTensor(at('starts'), [pieces], xs.slice(0, -1)),
      doubleTensor(at('heights'), [pieces], ys.slice(0, -1)),
      doubleTensor(at('slopes'), [pieces], slopes),
      int64Tensor(at('axis'), [1]),
      int64Tensor(at('unit'), [1]),
      int64Tensor(at('least'), [0]),
      int64Tensor(at('most'), [pieces - 1]),
    ],
    node: [
      node('Clip', [at('margin'), at('first'), at('last')], [at('within')]),
      node('Less', [at('points'), at('within')], [at('is_left')]),
      cast('INT64', at('is_left'), at('left')),
      node('ReduceSum', [at('left'), at('axis')], [at('count')], [attribute.int('keepdims', 1)]),
      node('Sub', [at('count'), at('unit')], [at('before')]),
      node('Max', [at('before'), at('least')], [at('not_below')]),
      node('Min', [at('not_below'), at('most')], [at('piece')]),
      ...['starts', 'heights', 'slopes'].map((table) => node('Gather', [at(table), at('piece')], [at(`own_${table}`)])),
      node('Sub', [at('within'), at('own_starts')], [at('beyond')]),
      node('Mul', [at('beyond'), at('own_slopes')], [at('rise')]),
      node('Add', [at('rise'), at('own_heights')], [at('calibrated')]),
    ],
  };
}
