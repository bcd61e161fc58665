import type { NodeProto, TensorProto } from 'onnx-buf';
import { classifierNode, regressorNode } from './ensemble-in-float32.js';
import { doubleNodes } from './ensemble-in-float64.js';
import type { CalibratedModel } from './calibrated-model.js';
import type { LinearLink, LinearModel } from './linear-model.js';
import { calibratorNodes } from './onnx-calibrators.js';
import { type ClassLabels, serializeClassifier } from './onnx-classifier.js';
import { cast, doubleTensor, floatTensor, node } from './onnx-graph.js';
import { bothShares, probabilityNodes, shareNodes, sharesOfSum } from './onnx-probabilities.js';
import { serializeRegressor } from './onnx-regressor.js';
import { OnnxError } from './onnx.error.js';
import type { TreeEnsemble } from './tree-ensemble.js';

/** Nodes whose last output is `margins` float64 [N, outputs], or another name. */
interface Margins {
  readonly node: NodeProto[];
  readonly initializer: TensorProto[];
  readonly edition?: 3 | 5;
}

/**
 * The bytes of a tree classifier: `features` -> `probabilities` float32 [N, classes] and `label`.
 *
 * @param sums the type in which leaves are compared and summed; float32 requires leaves that are float32 numbers with
 *   exact sums, otherwise the last digits depend on the number of rows in a run
 * @throws OnnxError where no operator can represent the ensemble
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
    return serializeClassifier({ ...named, name: 'ensemble', ...inFloat64(margins, link, outputs) });
  }
  if (join === 'mean') {
    return serializeClassifier({
      ...named,
      name: 'forest',
      initializer: [floatTensor('n_trees', [], [roots.length])],
      // A single division after the sum: sums of pure leaves are exact.
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
 * The bytes of a tree regression: `features` -> `prediction` float64 [N].
 *
 * @throws OnnxError as {@link ensembleClassifier}
 */
export function ensembleRegressor(ensemble: TreeEnsemble): Uint8Array {
  const { features, input, outputs, link } = ensemble;
  if (outputs !== 1) throw new OnnxError(`gives ${outputs} values a row`, 'A regression gives one');
  return serializeRegressor({ name: 'ensemble', features, input, link, ...doubleNodes(ensemble) });
}

/** As {@link ensembleClassifier}, for a linear model. */
export function linearClassifier(model: LinearModel, classes: ClassLabels): Uint8Array {
  const { features, input, intercepts, link } = model;
  const inner = inFloat64(linearMargins(model), link, intercepts.length);
  return serializeClassifier({ name: 'logistic_regression', features, input, classes, ...inner });
}

/** As {@link ensembleRegressor}, for a linear model. */
export function linearRegressor(model: LinearModel): Uint8Array {
  const { features, input, link } = model;
  return serializeRegressor({ name: 'linear', features, input, link, ...linearMargins(model) });
}

/** As {@link ensembleClassifier}, for the mean of calibrated models. */
export function calibratedClassifier({ features, input, parts }: CalibratedModel, classes: ClassLabels): Uint8Array {
  const made = parts.map(({ scorer, calibrators }, i) => {
    const prefix = `part_${i}_`;
    const margins = 'ensemble' in scorer ? doubleNodes(scorer.ensemble, prefix) : linearMargins(scorer.linear, prefix);
    const calibrated = calibratorNodes(`${prefix}margins`, calibrators, `${prefix}each`, prefix);
    const shares =
      calibrators.length === 1
        ? { initializer: [], node: bothShares(`${prefix}each`, `${prefix}shares`, prefix) }
        : sharesOfSum(`${prefix}each`, calibrators.length, `${prefix}shares`, prefix);
    const all = [margins, calibrated, shares];
    return {
      node: all.flatMap((one) => one.node),
      initializer: all.flatMap((one) => one.initializer),
      edition: 'edition' in margins ? margins.edition : undefined,
    };
  });
  const sums = parts.map((_, i) => (i === 0 ? 'part_0_shares' : `sum_${i}`));
  const added = sums.slice(1).map((sum, i) => node('Add', [sums[i], `part_${i + 1}_shares`], [sum]));
  const margins = {
    node: [...made.flatMap((one) => one.node), ...added, node('Div', [sums.at(-1)!, 'n_parts'], ['margins'])],
    initializer: [...made.flatMap((one) => one.initializer), doubleTensor('n_parts', [], [parts.length])],
    edition: made[0].edition,
  };
  const inner = inFloat64(margins, 'identity', classes.length);
  return serializeClassifier({ name: 'calibrated', features, input, classes, ...inner });
}

/** A float64 `MatMul`: in float32 a sum of large terms loses more than 1e-6. */
function linearMargins({ features, input, coefficients, intercepts }: LinearModel, prefix = ''): Margins {
  const byFeature = Array.from({ length: features }, (_, f) => coefficients.map((margin) => margin[f]));
  const name = (of: string): string => `${prefix}${of}`;
  const given = input === 'float32' ? name('features_64') : 'features';
  return {
    initializer: [
      doubleTensor(name('coefficients'), [features, intercepts.length], byFeature.flat()),
      doubleTensor(name('intercepts'), [intercepts.length], [...intercepts]),
    ],
    node: [
      ...(input === 'float32' ? [cast('DOUBLE', 'features', given)] : []),
      node('MatMul', [given, name('coefficients')], [name('terms')]),
      node('Add', [name('terms'), name('intercepts')], [name('margins')]),
    ],
  };
}

/** Margins in float64, and their probabilities in float32. */
function inFloat64({ node: nodes, initializer, edition }: Margins, link: LinearLink, outputs: number): Margins {
  const shares = shareNodes(link, outputs, 'probabilities_64');
  return {
    initializer: [...initializer, doubleTensor('one', [], [1]), ...shares.initializer],
    node: [...nodes, ...shares.node, cast('FLOAT', 'probabilities_64', 'probabilities')],
    edition,
  };
}
