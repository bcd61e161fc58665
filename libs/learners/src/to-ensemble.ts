import type { LinearModel, Link, TreeEnsemble } from '#onnx';
import type { GradientBoostingModel } from './gradient-boosting/gradient-boosting.js';
import type { LogisticRegressionModel } from './logistic-regression/logistic-regression.js';
import type { RandomForestModel } from './random-forest/random-forest.js';
import type { RidgeModel } from './ridge/ridge.js';
import { joinTrees } from './tree/join-trees.js';

/** A trained model's trees as the neutral tree ensemble. */
export function toEnsemble(model: RandomForestModel | GradientBoostingModel): TreeEnsemble {
  return model.kind === 'random_forest' ? ofForest(model) : ofBoosting(model);
}

function ofForest({ features, classes, trees }: RandomForestModel): TreeEnsemble {
  const outputs = classes || 1;
  return {
    features,
    outputs,
    input: 'float32',
    ...joinTrees(trees, outputs, ({ value }, node) => value.subarray(node * outputs, (node + 1) * outputs)),
    firstOutput: new Int32Array(trees.length),
    baseValues: new Float64Array(outputs),
    join: 'mean',
    link: 'identity',
  };
}

function ofBoosting({ features, classes, trees, start }: GradientBoostingModel): TreeEnsemble {
  const outputs = start.length;
  return {
    features,
    outputs,
    input: 'float32',
    ...joinTrees(trees, 1, ({ value }, node) => value.subarray(node, node + 1)),
    firstOutput: Int32Array.from(trees, (_, t) => t % outputs),
    baseValues: Float64Array.from(start),
    join: 'sum',
    link: linkOf(classes),
  };
}

function linkOf(classes: number): Link {
  if (classes === 0) return 'identity';
  return classes === 2 ? 'logistic' : 'softmax';
}

/** A trained model's coefficients as the neutral linear model. */
export function toLinear(model: LogisticRegressionModel | RidgeModel): LinearModel {
  const { features, classes } = model;
  const link = linkOf(classes);
  if (model.kind === 'logistic_regression') {
    return { features, input: 'float32', coefficients: model.coefficients, intercepts: model.intercepts, link };
  }
  const intercepts = Float64Array.of(model.intercept);
  return { features, input: 'float32', coefficients: [model.coefficients], intercepts, link };
}
