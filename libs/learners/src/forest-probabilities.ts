import type { DecisionTree, Forest } from './forest.js';

function leafOf(tree: DecisionTree, features: ArrayLike<number>): number {
  let node = 0;
  while (tree.left[node] !== -1) {
    const goesLeft = Math.fround(features[tree.feature[node]]) <= tree.threshold[node];
    node = goesLeft ? tree.left[node] : tree.right[node];
  }
  return node;
}

/**
 * A forest's class probabilities of one row, in float64: the reference for exported models.
 *
 * @param features one row of features, cast to float32 here as scikit-learn does
 */
export function forestProbabilities(forest: Forest, features: ArrayLike<number>): number[] {
  const sums = forest.classes.map(() => 0);
  for (const tree of forest.trees) {
    tree.value[leafOf(tree, features)].forEach((share, c) => (sums[c] += share));
  }
  return sums.map((sum) => sum / forest.trees.length);
}
