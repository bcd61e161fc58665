import { type BoostingMemory, PAIR } from '../boosting-memory.js';
import { findSplit } from '../find-split.js';
import type { BoostingKernels } from '#kernels';
import { slotOf } from './fill-histograms.js';

/** Completes the histograms of two siblings and finds the best split of each. */
export function searchPair(memory: BoostingMemory, kernels: BoostingKernels, thread: number, pair: number): void {
  const { pairs, pairSums } = memory;
  const at = pair * PAIR.size;
  const [small, large] = [pairs[at + PAIR.small], pairs[at + PAIR.large]];
  gather(memory, kernels, pair);
  if (large >= 0) subtract(memory, kernels, large, small);
  findSplit(memory, kernels, thread, 2 * pair, small, pairSums[2 * pair], pairs[at + PAIR.smallRows]);
  if (large < 0) return;
  findSplit(memory, kernels, thread, 2 * pair + 1, large, pairSums[2 * pair + 1], pairs[at + PAIR.largeRows]);
}

/** Adds the parts of all threads to the first thread's. */
function gather(memory: BoostingMemory, kernels: BoostingKernels, pair: number): void {
  const { at, threads, batch, touched, histogram, sums, counts } = memory;
  const to = slotOf(memory, 0, pair) * histogram;
  if (touched[pair] === 0) {
    sums.fill(0, to, to + histogram);
    if (counts.length > 0) counts.fill(0, to, to + histogram);
  }
  for (let thread = 1; thread < threads; thread++) {
    if (touched[thread * batch + pair] === 0) continue;
    const from = slotOf(memory, thread, pair) * histogram;
    kernels.addSums(at.sums + 8 * to, at.sums + 8 * from, 8 * histogram);
    if (counts.length > 0) kernels.addCounts(at.counts + 4 * to, at.counts + 4 * from, 4 * histogram);
  }
}

/** Turns the parent's histogram into the larger child's: exact, and much cheaper than filling it. */
function subtract(
  { at, histogram, counts }: BoostingMemory,
  kernels: BoostingKernels,
  large: number,
  small: number,
): void {
  const [to, from] = [large * histogram, small * histogram];
  kernels.subtractSums(at.sums + 8 * to, at.sums + 8 * from, 8 * histogram);
  if (counts.length > 0) kernels.subtractCounts(at.counts + 4 * to, at.counts + 4 * from, 4 * histogram);
}
