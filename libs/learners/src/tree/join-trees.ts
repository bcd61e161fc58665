import { COMPARISON, type TreeEnsemble } from '#onnx';

/** A tree's nodes in parallel arrays; a leaf has `left[i] === -1`, and a row goes left iff `x <= threshold`. */
interface Tree {
  readonly missingLeft?: ArrayLike<number>;
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
}

/** The part of an ensemble that is derived from its nodes. */
type Nodes = Pick<
  TreeEnsemble,
  | 'feature'
  | 'threshold'
  | 'comparison'
  | 'missingLeft'
  | 'left'
  | 'right'
  | 'cover'
  | 'setStart'
  | 'setCodes'
  | 'roots'
  | 'leafWidth'
  | 'leafValues'
>;

/**
 * Concatenates the nodes of trees.
 *
 * @param valuesOf the values of a leaf, `leafWidth` of them
 */
export function joinTrees<T extends Tree>(
  trees: readonly T[],
  leafWidth: number,
  valuesOf: (tree: T, node: number) => ArrayLike<number>,
): Nodes {
  const nodes = trees.reduce((sum, { left }) => sum + left.length, 0);
  const leaves = trees.reduce((sum, { left }) => sum + countLeaves(left), 0);
  const joined: Nodes = {
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    comparison: new Uint8Array(nodes).fill(COMPARISON.atMost),
    missingLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    cover: new Float64Array(0),
    setStart: new Int32Array(0),
    setCodes: new Int32Array(0),
    roots: new Int32Array(trees.length),
    leafWidth,
    leafValues: new Float64Array(leaves * leafWidth),
  };
  let [root, leaf] = [0, 0];
  trees.forEach((tree, t) => {
    const { feature, threshold, left, right } = tree;
    joined.roots[t] = root;
    for (let i = 0; i < left.length; i++) {
      const isLeaf = left[i] < 0;
      joined.left[root + i] = isLeaf ? -1 : root + left[i];
      joined.right[root + i] = isLeaf ? leaf : root + right[i];
      if (isLeaf) joined.leafValues.set(valuesOf(tree, i), leaf++ * leafWidth);
      else {
        joined.feature[root + i] = feature[i];
        joined.threshold[root + i] = threshold[i];
        joined.missingLeft[root + i] = tree.missingLeft?.[i] ?? 0;
      }
    }
    root += left.length;
  });
  return joined;
}

function countLeaves(left: ArrayLike<number>): number {
  let leaves = 0;
  for (let i = 0; i < left.length; i++) if (left[i] < 0) leaves++;
  return leaves;
}
