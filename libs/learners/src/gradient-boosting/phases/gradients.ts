import type { BoostingMemory } from '../boosting-memory.js';
import type { Kernels } from '../kernels/kernels.js';

/** Softmax of the margins of the rows of a shard, for more than two classes. */
export function setProbabilities({ at, classes }: BoostingMemory, kernels: Kernels, from: number, to: number): void {
  const first = 4 * from * classes;
  kernels.setProbabilities(at.margins + first, at.probabilities + first, classes, to - from);
}

/** First derivatives of the log loss by one margin of each row of a shard, into `packed`, and the shard's sums. */
export function deriveGradients(
  { at, classes }: BoostingMemory,
  kernels: Kernels,
  shard: number,
  from: number,
  to: number,
  output: number,
): void {
  const [labels, packed, sums] = [at.labels + 2 * from, at.packed + 8 * from, at.shardSums + 24 * shard];
  if (classes === 2) kernels.deriveTwoClasses(at.margins + 4 * from, labels, packed, sums, to - from);
  else {
    const probabilities = at.probabilities + 4 * from * classes;
    kernels.deriveOneClass(probabilities, labels, classes, output, packed, sums, to - from);
  }
}

/** Packs the gradients of a shard, and puts its rows in their first order. */
export function packGradients(
  { at, steps, shardSums, classes }: BoostingMemory,
  kernels: Kernels,
  shard: number,
  from: number,
  to: number,
): void {
  const [perGradient, perCurvature, factor] = [1 / steps[0], 1 / steps[1], classes === 2 ? 1 : 2];
  const [packed, order] = [at.packed + 8 * from, at.order + 4 * from];
  shardSums[3 * shard + 2] = kernels.pack(packed, order, from, perGradient, perCurvature, factor, to - from);
}
