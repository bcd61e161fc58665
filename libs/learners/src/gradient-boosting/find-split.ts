import { type BoostingMemory, FOUND } from './boosting-memory.js';
import { CODES } from './feature-bins.js';
import type { BoostingKernels } from '#kernels';

/**
 * Finds the split of a node that reduces the loss most.
 *
 * @param child index of the split in `found`
 * @param slot of the node's histogram
 * @param sum of the node's packed gradients
 * @param rows in the node; used only where histograms count rows
 */
export function findSplit(
  { at, features, histogram, counts, rules }: BoostingMemory,
  kernels: BoostingKernels,
  thread: number,
  child: number,
  slot: number,
  sum: number,
  rows: number,
): void {
  kernels.findSplit(
    at.sums + 8 * slot * histogram,
    counts.length > 0 ? at.counts + 4 * slot * histogram : 0,
    features,
    at.column,
    at.divisor,
    at.codes,
    at.shared,
    at.binCounts,
    at.missing,
    at.ownSums + 2 * 8 * CODES * thread,
    at.ownCounts + 2 * 4 * CODES * thread,
    sum,
    rows,
    rules.minSamplesLeaf,
    rules.minChildWeight,
    rules.l2,
    at.steps,
    at.found + 8 * FOUND.size * child,
  );
}
