import { attribute, node, serializeModel, tensorInfo } from '#onnx';
import { GraphKernel } from './graph-kernel.js';

/** A tree that splits twice, with leaves 2, 3 and 4. */
const TREE = {
  nodes_treeids: [0, 0, 0, 0, 0],
  nodes_nodeids: [0, 1, 2, 3, 4],
  nodes_featureids: [0, 1, 0, 0, 0],
  nodes_truenodeids: [1, 2, 0, 0, 0],
  nodes_falsenodeids: [4, 3, 0, 0, 0],
  target_treeids: [0, 0, 0],
  target_nodeids: [2, 3, 4],
  target_ids: [0, 0, 0],
};

/** @returns why no kernel computes the tree with other lists; undefined where one does */
function refusalOf(other: Partial<typeof TREE>): string | undefined {
  const trees = node(
    'TreeEnsembleRegressor',
    ['features'],
    ['prediction'],
    [
      ...Object.entries({ ...TREE, ...other }).map(([name, numbers]) => attribute.ints(name, numbers)),
      attribute.floats('nodes_values', [0.5, 0.5, 0, 0, 0]),
      attribute.strings('nodes_modes', ['BRANCH_LEQ', 'BRANCH_LEQ', 'LEAF', 'LEAF', 'LEAF']),
      attribute.floats('target_weights', [1, 2, 3]),
      attribute.int('n_targets', 1),
    ],
    'ai.onnx.ml',
  );
  const model = serializeModel({
    name: 'tree',
    input: [tensorInfo('features', 'FLOAT', ['N', 2])],
    output: [tensorInfo('prediction', 'FLOAT', ['N', 1])],
    node: [trees],
    initializer: [],
  });
  const kernel = GraphKernel.of(model, ['prediction'], 8);
  return typeof kernel === 'string' ? kernel : undefined;
}

it('computes a tree whose lists fit', () => {
  expect(refusalOf({})).toBeUndefined();
});

it.each<[string, Partial<typeof TREE>]>([
  ['its nodes do not form trees', { nodes_truenodeids: [1, 0, 0, 0, 0] }],
  ['a node names a child that does not exist', { nodes_truenodeids: [1, 5, 0, 0, 0] }],
  ['a node names a child that does not exist', { nodes_falsenodeids: [4, -1, 0, 0, 0] }],
  ['two nodes of a tree have the same number in nodes_nodeids', { nodes_nodeids: [0, 1, 2, 3, 3] }],
  ['a number in nodes_nodeids is negative', { nodes_nodeids: [0, 1, 2, 3, -4] }],
  ['the numbers in nodes_nodeids have large gaps', { nodes_nodeids: [0, 1, 2, 3, 2 ** 31 - 1] }],
  ['its nodes_nodeids do not fit in 32 bits', { nodes_nodeids: [0, 1, 2, 3, 2 ** 31] }],
  ['it has 4 nodes_featureids; expected 5', { nodes_featureids: [0, 1, 0, 0] }],
  ['a node compares a feature that the input does not have', { nodes_featureids: [0, 2, 0, 0, 0] }],
  ['a leaf value names a node that does not exist', { target_treeids: [0, 0, 1] }],
  ['a leaf value names a node that does not exist', { target_nodeids: [2, 3, 5] }],
  ['a node that is not a leaf has a leaf value', { target_nodeids: [2, 3, 1] }],
  ['a leaf value adds to an output that does not exist', { target_ids: [0, 0, 1] }],
])('leaves to ONNX Runtime what it cannot compute: %s', (refusal, lists) => {
  expect(refusalOf(lists)).toBe(refusal);
});
