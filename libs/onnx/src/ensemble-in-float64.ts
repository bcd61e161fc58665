import type { AttributeProto, NodeProto, TensorProto } from 'onnx-buf';
import { attribute, cast, doubleTensor, node, uint8Tensor } from './onnx-graph.js';
import { leafAttributes, nodeAttributes } from './ensemble-in-float32.js';
import { OnnxError } from './onnx.error.js';
import { COMPARISON, type TreeEnsemble } from './tree-ensemble.js';

/** TreeEnsemble's modes, indexed by {@link COMPARISON}. */
const MODES = [0, 1, 6];

/** An attribute that is a tensor of numbers. */
const tensorOf = (name: string, values: readonly number[]): AttributeProto =>
  attribute.tensor(name, doubleTensor(name, [values.length], values));

/** The category sets of all nodes that have one, in order, each terminated by NaN. */
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
 * A `TreeEnsemble` of ai.onnx.ml 5: compares and sums in float64, `features` -> `margins` float64 [N, outputs]. Where
 * all sums of leaves are exact, as on a grid, the result is bit-identical for any number of rows and threads.
 *
 * Category sets were verified with onnxruntime 1.30 for whole numbers: a fraction counts as its integer part there.
 *
 * Source: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html
 *
 * @param prefix of all names, so that one graph can hold several ensembles
 * @throws OnnxError on an empty set, or on sets with leaves of several values, which the operators do not support
 */
export function doubleNodes(
  ensemble: TreeEnsemble,
  prefix = '',
): { node: NodeProto[]; initializer: TensorProto[]; edition: 3 | 5 } {
  const { outputs, input, roots, join, baseValues, leafWidth } = ensemble;
  const name = (of: string): string => `${prefix}${of}`;
  const features = input === 'float32' ? name('features_64') : 'features';
  const casts = input === 'float32' ? [cast('DOUBLE', 'features', features)] : [];
  const sums =
    leafWidth === 1
      ? [node('TreeEnsemble', [features], [name('sums')], treeAttributes(ensemble), 'ai.onnx.ml')]
      : wideNodes(ensemble, features, name('sums'));
  const means = join === 'mean' ? [node('Div', [name('sums'), name('n_trees')], [name('means')])] : [];
  const joined = join === 'mean' ? name('means') : name('sums');
  return {
    node: [...casts, ...sums, ...means, node('Add', [joined, name('base_values')], [name('margins')])],
    initializer: [
      ...(join === 'mean' ? [doubleTensor(name('n_trees'), [], [roots.length])] : []),
      doubleTensor(name('base_values'), [outputs], [...baseValues]),
    ],
    edition: leafWidth === 1 ? 5 : 3,
  };
}

/**
 * For leaves of several values: a `TreeEnsembleRegressor` of ai.onnx.ml 3, which compares and sums in float64 and
 * returns float32 sums, each rounded once.
 */
function wideNodes(ensemble: TreeEnsemble, features: string, result: string): NodeProto[] {
  if (ensemble.comparison.includes(COMPARISON.member)) {
    throw new OnnxError('has leaves of several values and sets of categories', 'Write one tree an output');
  }
  const values = (name: string) => (numbers: readonly number[]) => tensorOf(`${name}_as_tensor`, numbers);
  const rounded = `${result}_32`;
  return [
    node(
      'TreeEnsembleRegressor',
      [features],
      [rounded],
      [
        ...nodeAttributes(ensemble, values('nodes_values'), ({ threshold }, i) => threshold[i]),
        ...leafAttributes(ensemble, 'target', values('target_weights')),
        attribute.int('n_targets', ensemble.outputs),
        attribute.string('aggregate_function', 'SUM'),
        attribute.string('post_transform', 'NONE'),
      ],
      'ai.onnx.ml',
    ),
    cast('DOUBLE', rounded, result),
  ];
}

/** Leaves of one value. */
function treeAttributes(ensemble: TreeEnsemble): AttributeProto[] {
  const { outputs, left, right, roots } = ensemble;
  // Inner nodes are numbered without leaves. A tree of a single leaf gets a node with that leaf on both sides.
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
  return [
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
  ];
}

/** The tree of each leaf. */
function ofLeaves({ left, right, roots }: TreeEnsemble): number[] {
  const trees: number[] = [];
  let tree = -1;
  left.forEach((child, i) => {
    if (i === roots[tree + 1]) tree++;
    if (child < 0) trees[right[i]] = tree;
  });
  return trees;
}
