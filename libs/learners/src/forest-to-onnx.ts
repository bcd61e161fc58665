import type { Forest } from './forest.js';
import { attribute, floatTensor, node, nodeAttributes, serializeClassifier } from '#onnx';

function leafWeights(forest: Forest): Record<'tree' | 'id' | 'class' | 'weight', number[]> {
  const leaves: ReturnType<typeof leafWeights> = { tree: [], id: [], class: [], weight: [] };
  forest.trees.forEach((tree, t) => {
    tree.left.forEach((left, i) => {
      if (left !== -1) return;
      tree.value[i].forEach((share, c) => {
        leaves.tree.push(t);
        leaves.id.push(i);
        leaves.class.push(c);
        leaves.weight.push(share);
      });
    });
  });
  return leaves;
}

/**
 * Writes a forest as ONNX: `features` float32 [N, features] -> `probabilities` float32 [N, classes] and `label`
 * int64 or string [N].
 *
 * The ensemble sums the leaves' class shares and one division follows, so that sums of pure leaves are exact. The
 * label is an ArgMax over the probabilities (ties go to the first class): ONNX Runtime's own label of a two-class
 * ensemble is wrong.
 */
export function forestToOnnx(forest: Forest): Uint8Array {
  const { classes } = forest;
  const leaves = leafWeights(forest);
  const ensemble = node(
    'TreeEnsembleClassifier',
    ['features'],
    ['ensemble_label', 'sums'],
    [
      ...nodeAttributes(forest.trees),
      attribute.ints('class_treeids', leaves.tree),
      attribute.ints('class_nodeids', leaves.id),
      attribute.ints('class_ids', leaves.class),
      attribute.floats('class_weights', leaves.weight),
      attribute.ints('classlabels_int64s', [...classes.keys()]),
      attribute.string('post_transform', 'NONE'),
    ],
    'ai.onnx.ml',
  );
  return serializeClassifier({
    name: 'forest',
    features: forest.feature_names.length,
    classes,
    initializer: [floatTensor('n_trees', [], [forest.trees.length])],
    node: [ensemble, node('Div', ['sums', 'n_trees'], ['probabilities'])],
  });
}
