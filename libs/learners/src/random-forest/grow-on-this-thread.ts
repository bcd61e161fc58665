import { setImmediate } from 'node:timers/promises';
import { RandomStream } from '#kit';
import type { GrowthRules } from './classification-tree.js';
import type { CodedFeatures } from './coded-features.js';
import { growerOf } from './grower-of.js';
import type { GrownTree } from './tree-worker.js';

/** Grows the given trees in this thread, yielding to the event loop between them. */
export async function growOnThisThread(
  data: CodedFeatures,
  rules: GrowthRules,
  indices: Iterable<number>,
  { seed, keep, signal }: { seed: number; keep: (grown: GrownTree) => void; signal?: AbortSignal },
): Promise<void> {
  const grower = growerOf(data, rules);
  for (const index of indices) {
    await setImmediate();
    signal?.throwIfAborted();
    keep({ index, tree: grower.grow(new RandomStream(seed, index)) });
  }
}
