import { ensembleLeaves, type TreeEnsemble } from '#onnx';

/** The largest magnitude of the partial sums of a row's leaves, tree by tree, starting at the base values. */
export function partialSums(ensemble: TreeEnsemble, row: ArrayLike<number>): number {
  const { firstOutput, leafValues, baseValues } = ensemble;
  const sums = Float64Array.from(baseValues);
  let largest = sums.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  ensembleLeaves(ensemble, row).forEach((leaf, tree) => {
    const output = firstOutput[tree];
    sums[output] += leafValues[leaf];
    largest = Math.max(largest, Math.abs(sums[output]));
  });
  return largest;
}
