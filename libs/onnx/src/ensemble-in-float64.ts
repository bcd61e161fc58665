import type { AttributeProto, NodeProto, TensorProto } from 'onnx-buf';
import { attribute, cast, doubleTensor, node, uint8Tensor } from './onnx-graph.js';
import { OnnxError } from './onnx.error.js';
import { COMPARISON, type TreeEnsemble } from './tree-ensemble.js';

/** TreeEnsemble's enum, by {@link COMPARISON}. */
const MODES = [0, 1, 6];

/** What a tensor that is an attribute holds. */
const tensorOf = (name: string, values: readonly number[]): AttributeProto =>
  attribute.tensor(name, doubleTensor(name, [values.length], values));

/** The sets of all nodes that have one, in their order, each with NaN behind it. */
function membershipOf({ comparison, left, setStart, setCodes }: TreeEnsemble): AttributeProto[] {
  const values: number[] = [];
  comparison.forEach((mode, i) => {
    if (mode !== COMPARISON.member || left[i] < 0) return;
    const codes = setCodes.subarray(setStart[i], setStart[i + 1]);
    if (codes.length === 0) {
      throw new OnnxError(`has an empty set of categories at node ${i}`, 'Let the parent have the right child instead');
    }
    values.push(...codes, NaN);
  });
  return values.length > 0 ? [tensorOf('membership_values', values)] : [];
}

/**
 * A `TreeEnsemble` of ai.onnx.ml 5: leaves are compared and added up in float64, `features` -> `margins` float64 [N,
 * outputs]. Where any sum of leaves is exact, as on a grid, the bits depend neither on the rows of a run nor on threads.
 *
 * Sets of categories were proven with onnxruntime 1.30 for whole numbers: a fraction counts as its whole part there.
 *
 * Source: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html
 *
 * @throws OnnxError where leaves hold several values, or a set is empty: the operator has none of this
 */
export function doubleNodes(ensemble: TreeEnsemble): { node: NodeProto[]; initializer: TensorProto[] } {
  const { outputs, input, left, right, roots, join } = ensemble;
  if (ensemble.leafWidth !== 1) {
    throw new OnnxError('has leaves of several values', 'Write it with sums in float32, or one tree an output');
  }
  // Inner nodes are counted without the leaves. A tree that is a leaf gets a node with that leaf on both sides.
  const nodes: number[] = [];
  const places = new Int32Array(left.length);
  const roles = new Set(roots);
  left.forEach((child, i) => {
    if (child >= 0 || roles.has(i)) places[i] = nodes.push(i) - 1;
  });
  const child = (i: number): number => (left[i] < 0 ? right[i] : places[i]);
  const sides = (i: number): [number, number] => (left[i] < 0 ? [i, i] : [left[i], right[i]]);
  const ofNodes = (value: (i: number) => number): number[] => nodes.map(value);
  const trees = ofLeaves(ensemble);
  const ensembleNode = node(
    'TreeEnsemble',
    [input === 'float32' ? 'features_64' : 'features'],
    ['sums'],
    [
      attribute.int('aggregate_function', 1),
      attribute.int('post_transform', 0),
      attribute.int('n_targets', outputs),
      attribute.ints(
        'tree_roots',
        Array.from(roots, (root) => places[root]),
      ),
      attribute.ints(
        'nodes_featureids',
        ofNodes((i) => (left[i] < 0 ? 0 : ensemble.feature[i])),
      ),
      attribute.tensor(
        'nodes_modes',
        uint8Tensor(
          'nodes_modes',
          ofNodes((i) => MODES[ensemble.comparison[i]]),
        ),
      ),
      tensorOf(
        'nodes_splits',
        ofNodes((i) => ensemble.threshold[i]),
      ),
      attribute.ints(
        'nodes_truenodeids',
        ofNodes((i) => child(sides(i)[0])),
      ),
      attribute.ints(
        'nodes_trueleafs',
        ofNodes((i) => Number(left[sides(i)[0]] < 0)),
      ),
      attribute.ints(
        'nodes_falsenodeids',
        ofNodes((i) => child(sides(i)[1])),
      ),
      attribute.ints(
        'nodes_falseleafs',
        ofNodes((i) => Number(left[sides(i)[1]] < 0)),
      ),
      attribute.ints(
        'nodes_missing_value_tracks_true',
        ofNodes((i) => ensemble.missingLeft[i]),
      ),
      attribute.ints(
        'leaf_targetids',
        trees.map((tree) => ensemble.firstOutput[tree]),
      ),
      tensorOf('leaf_weights', [...ensemble.leafValues]),
      ...membershipOf(ensemble),
    ],
    'ai.onnx.ml',
  );
  const casts = input === 'float32' ? [cast('DOUBLE', 'features', 'features_64')] : [];
  const means = join === 'mean' ? [node('Div', ['sums', 'n_trees'], ['means'])] : [];
  const joined = join === 'mean' ? 'means' : 'sums';
  return {
    node: [...casts, ensembleNode, ...means, node('Add', [joined, 'base_values'], ['margins'])],
    initializer: [
      ...(join === 'mean' ? [doubleTensor('n_trees', [], [roots.length])] : []),
      doubleTensor('base_values', [outputs], [...ensemble.baseValues]),
    ],
  };
}

/** The tree that each leaf is of. */
function ofLeaves({ left, right, roots }: TreeEnsemble): number[] {
  const trees: number[] = [];
  let tree = -1;
  left.forEach((child, i) => {
    if (i === roots[tree + 1]) tree++;
    if (child < 0) trees[right[i]] = tree;
  });
  return trees;
}
