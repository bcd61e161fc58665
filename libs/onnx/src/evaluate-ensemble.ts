import { COMPARISON, type TreeEnsemble } from './tree-ensemble.js';

/** Whether a node sends a value, NaN where missing, to the left. */
export function goesLeft(ensemble: TreeEnsemble, node: number, given: number): boolean {
  const { threshold, comparison, missingLeft, setStart, setCodes, input } = ensemble;
  if (Number.isNaN(given)) return missingLeft[node] === 1;
  const x = input === 'float32' ? Math.fround(given) : given;
  if (comparison[node] === COMPARISON.atMost) return x <= threshold[node];
  if (comparison[node] === COMPARISON.below) return x < threshold[node];
  return setCodes.subarray(setStart[node], setStart[node + 1]).indexOf(x) >= 0;
}

/** The index of the leaf that a row reaches in each tree. @param row one number per feature, NaN where missing */
export function ensembleLeaves(ensemble: TreeEnsemble, row: ArrayLike<number>): Int32Array {
  const { feature, left, right, roots } = ensemble;
  return roots.map((root) => {
    let node = root;
    while (left[node] >= 0) node = goesLeft(ensemble, node, row[feature[node]]) ? left[node] : right[node];
    return right[node];
  });
}

/**
 * The margins of one row (before the link): the reference for all other implementations. Leaves are summed in float64,
 * tree by tree.
 *
 * @param row one number per feature, NaN where missing
 */
export function ensembleMargins(ensemble: TreeEnsemble, row: ArrayLike<number>): Float64Array {
  const { roots, firstOutput, leafWidth, leafValues, baseValues } = ensemble;
  const margins = new Float64Array(ensemble.outputs);
  ensembleLeaves(ensemble, row).forEach((leaf, tree) => {
    for (let i = 0; i < leafWidth; i++) margins[firstOutput[tree] + i] += leafValues[leaf * leafWidth + i];
  });
  return margins.map((sum, i) => (ensemble.join === 'mean' ? sum / roots.length : sum) + baseValues[i]);
}
