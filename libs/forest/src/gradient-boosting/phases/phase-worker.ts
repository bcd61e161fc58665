import type { BoostingMemory } from '../boosting-memory.js';
import { OrderApplier } from './apply-orders.js';
import { deriveGradients, setProbabilities } from './derive-gradients.js';
import { fillHistograms } from './fill-histograms.js';
import { packGradients } from './pack-gradients.js';
import { PairSearch } from './search-pair.js';

/** What threads do together, one after another; a task is a shard, in `search` a pair of siblings. */
export const PHASE = { probabilities: 0, derive: 1, pack: 2, apply: 3, fill: 4, search: 5 } as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

/** Does tasks of one thread. */
export class PhaseWorker {
  private readonly applier: OrderApplier;
  private readonly search: PairSearch;

  constructor(
    private readonly memory: BoostingMemory,
    private readonly thread: number,
  ) {
    this.applier = new OrderApplier(memory);
    this.search = new PairSearch(memory);
  }

  /**
   * @param size nodes in the batch
   * @param output the margin that the tree adds to
   */
  work(phase: Phase, task: number, size: number, output: number): void {
    const { memory, thread } = this;
    const from = task * memory.shards.rows;
    const to = Math.min(memory.rows, from + memory.shards.rows);
    if (phase === PHASE.probabilities) setProbabilities(memory, from, to);
    else if (phase === PHASE.derive) deriveGradients(memory, task, from, to, output);
    else if (phase === PHASE.pack) packGradients(memory, task, from, to);
    else if (phase === PHASE.apply) this.applier.apply(task, size, output);
    else if (phase === PHASE.fill) fillHistograms(memory, thread, task, size);
    else if (phase === PHASE.search) this.search.searchPair(task);
  }
}
