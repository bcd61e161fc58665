import { parentPort } from 'node:worker_threads';
import { RandomStream } from '#kit';
import { type FlatTree, treeBuffers } from '../tree/flat-tree.js';
import type { GrowthRules } from './classification-tree.js';
import type { CodedFeatures } from './coded-features.js';
import { claimIndices } from './claim-indices.js';
import { growerOf } from './grower-of.js';

/** The start data of a worker thread. */
export interface TreeOrder {
  readonly data: CodedFeatures;
  readonly rules: GrowthRules;
  readonly seed: number;
  readonly count: number;
  /** Counter shared by all threads: the index of the next free tree. */
  readonly next: Int32Array;
}

/** A worker thread's message for each tree. */
export interface GrownTree {
  readonly index: number;
  readonly tree: FlatTree;
}

parentPort?.once('message', ({ data, rules, seed, count, next }: TreeOrder) => {
  const grower = growerOf(data, rules);
  for (const index of claimIndices(next, count)) {
    const tree = grower.grow(new RandomStream(seed, index));
    parentPort?.postMessage({ index, tree } satisfies GrownTree, treeBuffers(tree));
  }
});
