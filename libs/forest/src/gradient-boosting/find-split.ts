import { type BoostingMemory, FOUND } from './boosting-memory.js';
import { CODES } from './feature-bins.js';
import type { Kernels } from './kernels/kernels.js';

/** Gains below this are rounding. */
const MIN_GAIN = 1e-9;

/**
 * Finds the split of a node that lowers the loss most, to second order and with L2 penalty on leaf values.
 *
 * @param child where the split goes in `found`: feature -1 where none gains
 * @param room of the node's histogram
 * @param sum of the node's packed gradients
 * @param rows in the node; looked at only where histograms count rows
 */
export function findSplit(
  { at, features, histogram, bins, counts, found, rules }: BoostingMemory,
  kernels: Kernels,
  thread: number,
  child: number,
  room: number,
  sum: number,
  rows: number,
): void {
  const { l2, minSamplesLeaf } = rules;
  const own = child * FOUND.size;
  const best = at.found + 8 * (own + FOUND.bin);
  found[own + FOUND.feature] = -1;
  found[own + FOUND.gain] = MIN_GAIN;
  for (let f = 0; f < features; f++) {
    const first = room * histogram + bins.column[f] * CODES;
    let sums = at.sums + 8 * first;
    let rowCounts = counts.length > 0 ? at.counts + 4 * first : 0;
    if (bins.codes[f] !== bins.counts[f] && bins.codes[f] !== CODES) {
      const [ownSums, ownCounts] = [at.ownSums + 8 * CODES * thread, at.ownCounts + 4 * CODES * thread];
      kernels.separate(ownSums, ownCounts, sums, rowCounts, bins.codes[f], bins.divisor[f], bins.counts[f]);
      sums = ownSums;
      rowCounts = counts.length > 0 ? ownCounts : 0;
    }
    const last = bins.counts[f] - 1;
    if (kernels.tryFeature(sums, rowCounts, last, sum, rows, minSamplesLeaf, l2, at.steps, best)) {
      found[own + FOUND.feature] = f;
    }
  }
}
