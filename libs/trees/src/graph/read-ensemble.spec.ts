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
  ['its nodes are no trees', { nodes_truenodeids: [1, 0, 0, 0, 0] }],
  ['a child of its nodes is not there', { nodes_truenodeids: [1, 5, 0, 0, 0] }],
  ['a child of its nodes is not there', { nodes_falsenodeids: [4, -1, 0, 0, 0] }],
  ['two of its nodes have one number', { nodes_nodeids: [0, 1, 2, 3, 3] }],
  ['a number of a node is negative', { nodes_nodeids: [0, 1, 2, 3, -4] }],
  ['the numbers of its nodes have large gaps', { nodes_nodeids: [0, 1, 2, 3, 2 ** 31 - 1] }],
  ['its nodes_nodeids are no whole numbers of 32 bits', { nodes_nodeids: [0, 1, 2, 3, 2 ** 31] }],
  ['it has 4 nodes_featureids where 5 are due', { nodes_featureids: [0, 1, 0, 0] }],
  ['it asks for a feature that is not there', { nodes_featureids: [0, 2, 0, 0, 0] }],
  ['a leaf of its nodes is not there', { target_treeids: [0, 0, 1] }],
  ['a leaf of its nodes is not there', { target_nodeids: [2, 3, 5] }],
  ['a node of it that is no leaf has a value', { target_nodeids: [2, 3, 1] }],
  ['its leaves add to an output that is not there', { target_ids: [0, 0, 1] }],
])('leaves to ONNX Runtime what it cannot compute: %s', (refusal, lists) => {
  expect(refusalOf(lists)).toBe(refusal);
});
