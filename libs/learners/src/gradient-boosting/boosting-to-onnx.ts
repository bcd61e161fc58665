import {
  attribute,
  type ClassLabels,
  floatTensor,
  node,
  nodeAttributes,
  probabilityNodes,
  serializeClassifier,
} from '#onnx';
import type { GradientBoostingModel } from './gradient-boosting.js';

/** Writes the trees as a `TreeEnsembleRegressor` of margins, with a sigmoid or softmax after it. */
export function boostingToOnnx(model: GradientBoostingModel, classes: ClassLabels): Uint8Array {
  const outputs = model.start.length;
  const [trees, ids, targets, weights]: number[][] = [[], [], [], []];
  model.trees.forEach((tree, t) => {
    tree.left.forEach((left, i) => {
      if (left !== -1) return;
      trees.push(t);
      ids.push(i);
      targets.push(t % outputs);
      weights.push(tree.value[i]);
    });
  });
  const ensemble = node(
    'TreeEnsembleRegressor',
    ['features'],
    ['margins'],
    [
      ...nodeAttributes(model.trees),
      attribute.ints('target_treeids', trees),
      attribute.ints('target_nodeids', ids),
      attribute.ints('target_ids', targets),
      attribute.floats('target_weights', weights),
      attribute.floats('base_values', [...model.start]),
      attribute.int('n_targets', outputs),
      attribute.string('aggregate_function', 'SUM'),
      attribute.string('post_transform', 'NONE'),
    ],
    'ai.onnx.ml',
  );
  return serializeClassifier({
    name: 'boosting',
    features: model.features,
    classes,
    initializer: [floatTensor('one', [], [1])],
    node: [ensemble, ...probabilityNodes(outputs, 'probabilities')],
  });
}
