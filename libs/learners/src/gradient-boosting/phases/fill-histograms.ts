import { type BoostingMemory, PAIR } from '../boosting-memory.js';
import type { BoostingKernels } from '#kernels';

/** The slot of a thread's part of a pair's smaller histogram; all parts are later added to the first thread's. */
export function slotOf({ pairs, waiting, batch }: BoostingMemory, thread: number, pair: number): number {
  return thread === 0 ? pairs[pair * PAIR.size + PAIR.small] : waiting + (thread - 1) * batch + pair;
}

/** Adds the rows of one shard to the histograms of the smaller children. */
export function fillHistograms(
  memory: BoostingMemory,
  kernels: BoostingKernels,
  thread: number,
  shard: number,
  size: number,
): void {
  const { at, pairs, bounds, shards, batch, touched, histogram, sums, counts, bins } = memory;
  const rowBytes = 4 * bins.rowWords;
  for (let pair = 0; pair < size; pair++) {
    const first = slotOf(memory, thread, pair) * histogram;
    if (touched[thread * batch + pair] === 0) {
      touched[thread * batch + pair] = 1;
      sums.fill(0, first, first + histogram);
      if (counts.length > 0) counts.fill(0, first, first + histogram);
    }
    const segment = 2 * (pairs[pair * PAIR.size + PAIR.bounds] * shards.count + shard);
    const [start, end] = [at.order + 4 * bounds[segment], at.order + 4 * bounds[segment + 1]];
    kernels.addRows(at.sums + 8 * first, at.packed, start, end, at.words, rowBytes, bins.columns);
    if (counts.length > 0) kernels.countRows(at.counts + 4 * first, start, end, at.words, rowBytes, bins.columns);
  }
}
