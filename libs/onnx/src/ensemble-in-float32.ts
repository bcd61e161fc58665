import type { AttributeProto, NodeProto } from 'onnx-buf';
import { floorToFloat32 } from './float32.js';
import { attribute, node } from './onnx-graph.js';
import { OnnxError } from './onnx.error.js';
import { COMPARISON, type TreeEnsemble } from './tree-ensemble.js';

const REMEDY = 'Write it with sums in float64';

/** Rejects ensembles that the operators cannot represent. */
function check({ input, comparison }: TreeEnsemble): void {
  if (input === 'float64') throw new OnnxError('compares float64 numbers, but is to be written in float32', REMEDY);
  if (comparison.includes(COMPARISON.member)) {
    throw new OnnxError('asks for sets of categories, but is to be written in float32', REMEDY);
  }
}

const isLeaf = ({ left }: TreeEnsemble, i: number): boolean => left[i] < 0;
/** The largest float32 that goes left; for `x < threshold`, the smallest float32 that goes right. */
const edgeOf = ({ threshold, comparison }: TreeEnsemble, i: number): number =>
  comparison[i] === COMPARISON.below ? -floorToFloat32(-threshold[i]) : floorToFloat32(threshold[i]);

const inFloat32 =
  (name: string) =>
  (values: readonly number[]): AttributeProto =>
    attribute.floats(name, values);

/** The tree of each node. */
const treesOf = ({ roots, left }: TreeEnsemble): number[] => {
  let tree = -1;
  return Array.from(left, (_, i) => (i === roots[tree + 1] ? ++tree : tree));
};

/**
 * The `nodes_*` attributes of ai.onnx.ml 3. Nodes are numbered within their tree.
 *
 * @param values thresholds, by node
 */
export function nodeAttributes(
  ensemble: TreeEnsemble,
  values: (edges: readonly number[]) => AttributeProto,
  edge = edgeOf,
): AttributeProto[] {
  const { feature, comparison, missingLeft, left, right, roots } = ensemble;
  const trees = treesOf(ensemble);
  const ofNodes = <T>(value: (i: number) => T, ofLeaf: T): T[] =>
    Array.from(left, (_, i) => (isLeaf(ensemble, i) ? ofLeaf : value(i)));
  const mode = (i: number): string => (comparison[i] === COMPARISON.below ? 'BRANCH_LT' : 'BRANCH_LEQ');
  const missing = missingLeft.includes(1)
    ? [
        attribute.ints(
          'nodes_missing_value_tracks_true',
          ofNodes((i) => missingLeft[i], 0),
        ),
      ]
    : [];
  return [
    attribute.ints('nodes_treeids', trees),
    attribute.ints(
      'nodes_nodeids',
      Array.from(trees, (tree, i) => i - roots[tree]),
    ),
    attribute.ints(
      'nodes_featureids',
      ofNodes((i) => feature[i], 0),
    ),
    values(ofNodes((i) => edge(ensemble, i), 0)),
    attribute.strings('nodes_modes', ofNodes(mode, 'LEAF')),
    attribute.ints(
      'nodes_truenodeids',
      ofNodes((i) => left[i] - roots[trees[i]], 0),
    ),
    attribute.ints(
      'nodes_falsenodeids',
      ofNodes((i) => right[i] - roots[trees[i]], 0),
    ),
    ...missing,
  ];
}

/** The attributes of the leaves: `class_*` or `target_*`. */
export function leafAttributes(
  ensemble: TreeEnsemble,
  prefix: 'class' | 'target',
  values: (weights: readonly number[]) => AttributeProto,
): AttributeProto[] {
  const { left, right, roots, firstOutput, leafWidth, leafValues } = ensemble;
  const [trees, nodes, outputs, weights]: number[][] = [[], [], [], []];
  treesOf(ensemble).forEach((tree, i) => {
    if (left[i] >= 0) return;
    for (let value = 0; value < leafWidth; value++) {
      trees.push(tree);
      nodes.push(i - roots[tree]);
      outputs.push(firstOutput[tree] + value);
      weights.push(leafValues[right[i] * leafWidth + value]);
    }
  });
  return [
    attribute.ints(`${prefix}_treeids`, trees),
    attribute.ints(`${prefix}_nodeids`, nodes),
    attribute.ints(`${prefix}_ids`, outputs),
    values(weights),
  ];
}

/**
 * A `TreeEnsembleClassifier` that only sums leaves, `features` float32 -> `sums` float32 [N, outputs], without base
 * values. Its own label, `ensemble_label`, is wrong for two classes.
 *
 * @throws OnnxError where the operator cannot represent the ensemble
 */
export function classifierNode(ensemble: TreeEnsemble): NodeProto {
  check(ensemble);
  return node(
    'TreeEnsembleClassifier',
    ['features'],
    ['ensemble_label', 'sums'],
    [
      ...nodeAttributes(ensemble, inFloat32('nodes_values')),
      ...leafAttributes(ensemble, 'class', inFloat32('class_weights')),
      attribute.ints('classlabels_int64s', [...Array(ensemble.outputs).keys()]),
      attribute.string('post_transform', 'NONE'),
    ],
    'ai.onnx.ml',
  );
}

/**
 * A `TreeEnsembleRegressor` that sums leaves and base values to `margins`.
 *
 * @throws OnnxError as {@link classifierNode}, and where no tree adds to an output: the operator drops its base value
 */
export function regressorNode(ensemble: TreeEnsemble): NodeProto {
  check(ensemble);
  if (new Set(ensemble.firstOutput).size * ensemble.leafWidth < ensemble.outputs) {
    throw new OnnxError('has outputs that no tree adds to, but is to be written in float32', REMEDY);
  }
  return node(
    'TreeEnsembleRegressor',
    ['features'],
    ['margins'],
    [
      ...nodeAttributes(ensemble, inFloat32('nodes_values')),
      ...leafAttributes(ensemble, 'target', inFloat32('target_weights')),
      attribute.floats('base_values', [...ensemble.baseValues]),
      attribute.int('n_targets', ensemble.outputs),
      attribute.string('aggregate_function', 'SUM'),
      attribute.string('post_transform', 'NONE'),
    ],
    'ai.onnx.ml',
  );
}
