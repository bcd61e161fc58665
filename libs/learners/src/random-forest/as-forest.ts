import type { Forest } from '../forest.js';
import type { FlatTree } from '../tree/flat-tree.js';
import type { RandomForestModel } from './random-forest.js';

/** The trained forest in the shape that forests from elsewhere come in. */
export function asForest(
  model: RandomForestModel,
  classes: Forest['classes'],
  featureNames: readonly string[],
): Forest {
  const shares = ({ left, value }: FlatTree): number[][] =>
    Array.from(left, (_, i) => Array.from(value.subarray(i * model.classes, (i + 1) * model.classes)));
  return {
    classes,
    feature_names: featureNames,
    trees: model.trees.map((tree) => ({
      feature: Array.from(tree.feature),
      threshold: Array.from(tree.threshold),
      left: Array.from(tree.left),
      right: Array.from(tree.right),
      value: shares(tree),
    })),
  };
}
