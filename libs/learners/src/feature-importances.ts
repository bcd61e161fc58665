import type { TrainedModel } from './trained-model.js';
import type { FlatTree } from './tree/flat-tree.js';

/**
 * How much a model relies on each feature; the sum is 1, or 0 where the model uses none.
 *
 * - random_forest: mean decrease of impurity, normalised per tree first (Breiman et al. 1984; as scikit-learn)
 * - gradient_boosting: total gain of the feature's splits
 * - logistic_regression, ridge: |coefficient|, summed over classes; comparable where the features share a scale
 */
export function featureImportances(model: TrainedModel): Float64Array {
  return normalise(sumOf(partsOf(model), model.features));
}

/** The summands of each feature's importance: one vector per tree or per margin. */
function partsOf(model: TrainedModel): Float64Array[] {
  switch (model.kind) {
    case 'random_forest':
      return model.trees.map((tree) => normalise(gains(tree, model.features)));
    case 'gradient_boosting':
      return model.trees.map((tree) => gains(tree, model.features));
    case 'logistic_regression':
      return model.coefficients.map((margin) => margin.map(Math.abs));
    case 'ridge':
      return [model.coefficients.map(Math.abs)];
  }
}

function gains(tree: FlatTree, features: number): Float64Array {
  const sums = new Float64Array(features);
  tree.gain.forEach((gain, node) => (sums[tree.feature[node]] += gain));
  return sums;
}

function sumOf(vectors: readonly Float64Array[], length: number): Float64Array {
  const sums = new Float64Array(length);
  for (const vector of vectors) vector.forEach((value, i) => (sums[i] += value));
  return sums;
}

function normalise(vector: Float64Array): Float64Array {
  const sum = vector.reduce((total, value) => total + value, 0);
  return sum > 0 ? vector.map((value) => value / sum) : vector;
}
