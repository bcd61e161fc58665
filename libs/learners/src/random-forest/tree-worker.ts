import { parentPort } from 'node:worker_threads';
import { RandomStream } from '#kit';
import { type FlatTree, treeBuffers } from '../tree/flat-tree.js';
import type { GrowthRules } from './classification-tree.js';
import type { CodedFeatures } from './coded-features.js';
import { claimIndices } from './claim-indices.js';
import { growerOf } from './grower-of.js';

/** What a worker thread is to do. */
export interface TreeOrder {
  readonly data: CodedFeatures;
  readonly rules: GrowthRules;
  readonly seed: number;
  readonly count: number;
  /** Shared by all threads: the index of the next tree that nobody grows yet. */
  readonly next: Int32Array;
}

/** What a worker thread answers, once per tree. */
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
