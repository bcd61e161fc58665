import { floorToFloat32 } from './float32.js';
import type { Forest } from './forest.js';
import { attribute, floatTensor, labelTensor, node, serializeModel, tensorInfo } from './onnx-graph.js';

/** Flattens the trees into the parallel arrays that `TreeEnsembleClassifier` takes. */
function nodeArrays(forest: Forest): Record<'tree' | 'id' | 'feature' | 'threshold' | 'left' | 'right', number[]> & {
  mode: string[];
} {
  const arrays = { tree: [], id: [], feature: [], threshold: [], left: [], right: [], mode: [] } as ReturnType<
    typeof nodeArrays
  >;
  forest.trees.forEach((tree, t) => {
    tree.left.forEach((left, i) => {
      const leaf = left === -1;
      arrays.tree.push(t);
      arrays.id.push(i);
      arrays.mode.push(leaf ? 'LEAF' : 'BRANCH_LEQ');
      arrays.feature.push(leaf ? 0 : tree.feature[i]);
      arrays.threshold.push(leaf ? 0 : floorToFloat32(tree.threshold[i]));
      arrays.left.push(leaf ? 0 : left);
      arrays.right.push(leaf ? 0 : tree.right[i]);
    });
  });
  return arrays;
}

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
  const nodes = nodeArrays(forest);
  const leaves = leafWeights(forest);
  const ensemble = node(
    'TreeEnsembleClassifier',
    ['features'],
    ['ensemble_label', 'sums'],
    [
      attribute.ints('nodes_treeids', nodes.tree),
      attribute.ints('nodes_nodeids', nodes.id),
      attribute.ints('nodes_featureids', nodes.feature),
      attribute.floats('nodes_values', nodes.threshold),
      attribute.strings('nodes_modes', nodes.mode),
      attribute.ints('nodes_truenodeids', nodes.left),
      attribute.ints('nodes_falsenodeids', nodes.right),
      attribute.ints('class_treeids', leaves.tree),
      attribute.ints('class_nodeids', leaves.id),
      attribute.ints('class_ids', leaves.class),
      attribute.floats('class_weights', leaves.weight),
      attribute.ints('classlabels_int64s', [...classes.keys()]),
      attribute.string('post_transform', 'NONE'),
    ],
    'ai.onnx.ml',
  );
  return serializeModel({
    name: 'forest',
    input: [tensorInfo('features', 'FLOAT', ['N', forest.feature_names.length])],
    output: [
      tensorInfo('label', typeof classes[0] === 'string' ? 'STRING' : 'INT64', ['N']),
      tensorInfo('probabilities', 'FLOAT', ['N', classes.length]),
    ],
    initializer: [floatTensor('n_trees', [], [forest.trees.length]), labelTensor('classes', classes)],
    node: [
      ensemble,
      node('Div', ['sums', 'n_trees'], ['probabilities']),
      node('ArgMax', ['probabilities'], ['class_index'], [attribute.int('axis', 1), attribute.int('keepdims', 0)]),
      node('Gather', ['classes', 'class_index'], ['label']),
    ],
  });
}
