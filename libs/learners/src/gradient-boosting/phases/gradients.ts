import type { BoostingMemory } from '../boosting-memory.js';
import type { BoostingKernels } from '#kernels';

/** Softmax of the margins of a shard's rows, for more than two classes. */
export function setProbabilities(
  { at, classes }: BoostingMemory,
  kernels: BoostingKernels,
  from: number,
  to: number,
): void {
  const first = 4 * from * classes;
  kernels.setProbabilities(at.margins + first, at.probabilities + first, classes, to - from);
}

/** Half the bound of the curvature with several classes: see `curvatureFrom` of the kernels. */
const factorOf = (classes: number): number => (classes === 2 ? 1 : 2);

/** Writes the gradients by one margin of a shard's rows to `packed`, and their sums. */
export function deriveGradients(
  { at, classes, weights }: BoostingMemory,
  kernels: BoostingKernels,
  shard: number,
  from: number,
  to: number,
  output: number,
): void {
  const [labels, packed, sums] = [at.labels + 2 * from, at.packed + 8 * from, at.shardSums + 24 * shard];
  const [margins, curvatures, rows] = [at.margins + 4 * from, at.curvatures + 8 * from, to - from];
  if (classes === 0) kernels.deriveSquares(margins, at.targets + 4 * from, packed, curvatures, sums, rows);
  else if (classes === 2) kernels.deriveTwoClasses(margins, labels, packed, sums, rows);
  else {
    const probabilities = at.probabilities + 4 * from * classes;
    kernels.deriveOneClass(probabilities, labels, classes, output, packed, sums, rows);
  }
  if (weights.length > 0) kernels.weigh(labels, at.weights, packed, curvatures, factorOf(classes), sums, rows);
}

/** Packs a shard's gradients, and resets the order of its rows. */
export function packGradients(
  { at, steps, shardSums, classes, curvatures }: BoostingMemory,
  kernels: BoostingKernels,
  shard: number,
  from: number,
  to: number,
): void {
  const [perGradient, perCurvature] = [1 / steps[0], 1 / steps[1]];
  const [packed, order, rows] = [at.packed + 8 * from, at.order + 4 * from, to - from];
  shardSums[3 * shard + 2] =
    curvatures.length > 0
      ? kernels.packBoth(packed, at.curvatures + 8 * from, order, from, perGradient, perCurvature, rows)
      : kernels.pack(packed, order, from, perGradient, perCurvature, factorOf(classes), rows);
}
