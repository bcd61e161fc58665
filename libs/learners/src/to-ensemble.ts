import type { LinearModel, TreeEnsemble } from '#onnx';
import type { GradientBoostingModel } from './gradient-boosting/gradient-boosting.js';
import type { LogisticRegressionModel } from './logistic-regression/logistic-regression.js';
import type { RandomForestModel } from './random-forest/random-forest.js';
import { joinTrees } from './tree/join-trees.js';

/** A trained model's trees in the shape that all share. */
export function toEnsemble(model: RandomForestModel | GradientBoostingModel): TreeEnsemble {
  return model.kind === 'random_forest' ? ofForest(model) : ofBoosting(model);
}

function ofForest({ features, classes, trees }: RandomForestModel): TreeEnsemble {
  return {
    features,
    outputs: classes,
    input: 'float32',
    ...joinTrees(trees, classes, ({ value }, node) => value.subarray(node * classes, (node + 1) * classes)),
    firstOutput: new Int32Array(trees.length),
    baseValues: new Float64Array(classes),
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
    link: classes === 2 ? 'logistic' : 'softmax',
  };
}

/** The same of linear margins. */
export function toLinear({ features, classes, coefficients, intercepts }: LogisticRegressionModel): LinearModel {
  return { features, coefficients, intercepts, link: classes === 2 ? 'logistic' : 'softmax' };
}
