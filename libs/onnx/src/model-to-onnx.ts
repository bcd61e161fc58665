import type { NodeProto, TensorProto } from 'onnx-buf';
import { classifierNode, regressorNode } from './ensemble-in-float32.js';
import { doubleNodes } from './ensemble-in-float64.js';
import type { LinearModel } from './linear-model.js';
import { type ClassLabels, serializeClassifier } from './onnx-classifier.js';
import { cast, doubleTensor, floatTensor, node } from './onnx-graph.js';
import { probabilityNodes } from './onnx-probabilities.js';
import { serializeRegressor } from './onnx-regressor.js';
import { OnnxError } from './onnx.error.js';
import type { Link, TreeEnsemble } from './tree-ensemble.js';

/** The nodes that end with `margins` float64 [N, outputs], or one of several names. */
interface Margins {
  readonly node: NodeProto[];
  readonly initializer: TensorProto[];
}

/** Where the margins are shares already there is nothing to do but to name them. */
const shares = (link: Link, outputs: number, result: string): NodeProto[] =>
  link === 'identity' ? [node('Identity', ['margins'], [result])] : probabilityNodes(outputs, result);

/**
 * The bytes of a classifier of trees: `features` -> `probabilities` float32 [N, classes] and `label`.
 *
 * @param sums the type that leaves are compared and added up in: in float32 they must be float32 numbers whose sums are
 *   exact, or it matters to the last digits how many rows a run has
 * @throws OnnxError where no operator says what the ensemble does
 */
export function ensembleClassifier(
  ensemble: TreeEnsemble,
  classes: ClassLabels,
  sums: 'float32' | 'float64',
): Uint8Array {
  const { features, outputs, input, join, link, roots } = ensemble;
  const named = { features, input, classes };
  if (sums === 'float64') {
    const margins = doubleNodes(ensemble);
    return serializeClassifier({ ...named, name: 'ensemble', ...inFloat64(margins, link, outputs), edition: 5 });
  }
  if (join === 'mean') {
    return serializeClassifier({
      ...named,
      name: 'forest',
      initializer: [floatTensor('n_trees', [], [roots.length])],
      // One division after the sum: sums of pure leaves are exact.
      node: [classifierNode(ensemble), node('Div', ['sums', 'n_trees'], ['probabilities'])],
    });
  }
  return serializeClassifier({
    ...named,
    name: 'boosting',
    initializer: [floatTensor('one', [], [1])],
    node: [regressorNode(ensemble), ...probabilityNodes(outputs, 'probabilities')],
  });
}

/**
 * The bytes of a regression by trees: `features` -> `prediction` float64 [N].
 *
 * @throws OnnxError as {@link ensembleClassifier}
 */
export function ensembleRegressor(ensemble: TreeEnsemble): Uint8Array {
  const { features, input, outputs, link } = ensemble;
  if (outputs !== 1) throw new OnnxError(`gives ${outputs} values a row`, 'A regression gives one');
  return serializeRegressor({ name: 'ensemble', features, input, link, ...doubleNodes(ensemble), edition: 5 });
}

/** As {@link ensembleClassifier}, of a linear model of float32 features. */
export function linearClassifier(model: LinearModel, classes: ClassLabels): Uint8Array {
  const { features, intercepts, link } = model;
  const inner = inFloat64(linearMargins(model), link, intercepts.length);
  return serializeClassifier({ name: 'logistic_regression', features, input: 'float32', classes, ...inner });
}

/** As {@link ensembleRegressor}, of a linear model of float32 features. */
export function linearRegressor(model: LinearModel): Uint8Array {
  const { features, link } = model;
  return serializeRegressor({ name: 'linear', features, input: 'float32', link, ...linearMargins(model) });
}

/** A `MatMul` in float64: in float32 a sum of large terms loses more than 1e-6. */
function linearMargins({ features, coefficients, intercepts }: LinearModel): Margins {
  const byFeature = Array.from({ length: features }, (_, f) => coefficients.map((margin) => margin[f]));
  return {
    initializer: [
      doubleTensor('coefficients', [features, intercepts.length], byFeature.flat()),
      doubleTensor('intercepts', [intercepts.length], [...intercepts]),
    ],
    node: [
      cast('DOUBLE', 'features', 'features_64'),
      node('MatMul', ['features_64', 'coefficients'], ['terms']),
      node('Add', ['terms', 'intercepts'], ['margins']),
    ],
  };
}

/** Margins in float64, and the probabilities that they stand for in float32. */
function inFloat64({ node: nodes, initializer }: Margins, link: Link, outputs: number): Margins {
  return {
    initializer: [...initializer, doubleTensor('one', [], [1])],
    node: [...nodes, ...shares(link, outputs, 'probabilities_64'), cast('FLOAT', 'probabilities_64', 'probabilities')],
  };
}
