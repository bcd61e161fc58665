import type { BoostingMemory } from '../boosting-memory.js';
import { linkBoostingKernels } from '#kernels';
import { applyOrders } from './apply-orders.js';
import { fillHistograms } from './fill-histograms.js';
import { deriveGradients, packGradients, setProbabilities } from './gradients.js';
import { searchPair } from './search-pair.js';

/** The parallel phases, in order. A task is a shard, or in `search` a pair of siblings. */
export const PHASE = { probabilities: 0, derive: 1, pack: 2, apply: 3, fill: 4, search: 5 } as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

/**
 * Runs a task of each phase.
 *
 * @param size nodes in the batch
 * @param output the margin that the tree adds to
 */
export type PhaseWork = Readonly<Record<Phase, (task: number, size: number, output: number) => void>>;

/** One thread's function for each phase: a table, so that the compiler optimises each separately. */
export function phaseWork(memory: BoostingMemory, thread: number): PhaseWork {
  const { rows, shards } = memory;
  const kernels = linkBoostingKernels(memory.arena);
  const from = (shard: number): number => shard * shards.rows;
  const to = (shard: number): number => Math.min(rows, from(shard) + shards.rows);
  return {
    [PHASE.probabilities]: (shard) => setProbabilities(memory, kernels, from(shard), to(shard)),
    [PHASE.derive]: (shard, _, output) => deriveGradients(memory, kernels, shard, from(shard), to(shard), output),
    [PHASE.pack]: (shard) => packGradients(memory, kernels, shard, from(shard), to(shard)),
    [PHASE.apply]: (shard, size, output) => applyOrders(memory, kernels, shard, size, output),
    [PHASE.fill]: (shard, size) => fillHistograms(memory, kernels, thread, shard, size),
    [PHASE.search]: (pair) => searchPair(memory, kernels, thread, pair),
  };
}
