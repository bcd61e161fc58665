import type { TrainingData } from '../data/training-data.js';
import { CODES, type FeatureBins } from './feature-bins.js';
import { sharedArray } from './shared-array.js';
import { shardsOf, type Shards } from './shards.js';

const MAX_BATCH = 64;
/** Of histograms, at most; what is not used is not touched, so that it is never in memory. */
const HISTOGRAM_BYTES = 2 ** 30;

export interface BoostingRules {
  readonly minSamplesLeaf: number;
  readonly l2: number;
  readonly maxDepth: number;
}

/** What a node of the batch comes to, in {@link BoostingMemory.orders}. */
export const ORDER = { bounds: 0, rightBounds: 1, column: 2, size: 3 } as const;
/** A split node's children, the one with fewer rows and the other, in {@link BoostingMemory.pairs}. */
export const PAIR = { bounds: 0, small: 1, large: 2, smallRows: 3, largeRows: 4, size: 5 } as const;
/** The best split of a child, in {@link BoostingMemory.found}. */
export const FOUND = { feature: 0, bin: 1, gain: 2, leftSum: 3, size: 4 } as const;

/**
 * All that the threads of one training share. Threads write at places of their own, or exact sums, so that what is in
 * here after a phase does not depend on how many threads there were.
 */
export interface BoostingMemory {
  readonly rows: number;
  readonly features: number;
  readonly classes: number;
  /** Margins of a row: one for two classes, else one a class. */
  readonly outputs: number;
  readonly threads: number;
  readonly rules: BoostingRules;
  readonly shards: Shards;
  readonly bins: FeatureBins;
  readonly labels: Uint16Array;
  /** `rows` x `outputs`; multiples of one step, so that float32 sums are exact. */
  readonly margins: Float32Array;
  /** `rows` x `classes` at the beginning of a round; empty for two classes. */
  readonly probabilities: Float32Array;
  /** Of each row: its gradient, then gradient and curvature packed. */
  readonly packed: Float64Array;
  /** Per shard: sums of absolute gradients and of curvatures, and of packed numbers. */
  readonly shardSums: Float64Array;
  /** What a step of gradient and of curvature is worth in packed numbers. */
  readonly steps: Float64Array;
  /** The rows of each shard, in the order of the nodes they are in: of even depths in the first half, of odd ones in the other. */
  readonly order: Int32Array;
  /** Per waiting node and shard: where its rows begin and end in `order`. */
  readonly bounds: Int32Array;
  /** Nodes treated at once. */
  readonly batch: number;
  /** Nodes that may wait at once: rooms of `bounds`, and of `sums` before those of other threads. */
  readonly waiting: number;
  /** Numbers of a histogram. */
  readonly histogram: number;
  /** Histograms: sums of packed numbers per column and code. */
  readonly sums: Float64Array;
  /** Histograms of rows; empty unless leaves must hold several. */
  readonly counts: Int32Array;
  readonly orders: Int32Array;
  /** Per order and code: 1 where it goes left, else 0. */
  readonly sides: Uint8Array;
  /** Per order: what rows on its left and right, if these are leaves, add to their margins. */
  readonly values: Float64Array;
  readonly pairs: Int32Array;
  /** Per pair: the children's sums of packed numbers. */
  readonly pairSums: Float64Array;
  /** Per thread and pair: whether the thread has put rows into its histogram. */
  readonly touched: Int32Array;
  readonly found: Float64Array;
}

/** At most two batches wait at each depth, as the deepest nodes come first. */
function waitingNodes(maxDepth: number, batch: number, rows: number): number {
  let nodes = 0;
  for (let depth = 0; depth < maxDepth; depth++) nodes += Math.min(2 ** depth, 2 * batch);
  return Math.min(nodes, rows) + 1;
}

export function allocateMemory(
  { labels, classes, features: { length: features } }: TrainingData,
  bins: FeatureBins,
  rules: BoostingRules,
  threads: number,
): BoostingMemory {
  const rows = labels.length;
  const outputs = classes === 2 ? 1 : classes;
  const shards = shardsOf(rows);
  const histogram = bins.columns * CODES;
  const rooms = (batch: number): number => waitingNodes(rules.maxDepth, batch, rows) + (threads - 1) * batch;
  let batch = MAX_BATCH;
  while (batch > 1 && rooms(batch) * histogram * Float64Array.BYTES_PER_ELEMENT > HISTOGRAM_BYTES) batch /= 2;
  const waiting = waitingNodes(rules.maxDepth, batch, rows);
  const memory: BoostingMemory = {
    ...{ rows, features, classes, outputs, threads, rules, shards, bins, batch, waiting, histogram },
    labels: sharedArray(Uint16Array, rows),
    margins: sharedArray(Float32Array, rows * outputs),
    probabilities: sharedArray(Float32Array, classes === 2 ? 0 : rows * classes),
    packed: sharedArray(Float64Array, rows),
    shardSums: sharedArray(Float64Array, 3 * shards.count),
    steps: sharedArray(Float64Array, 2),
    order: sharedArray(Int32Array, 2 * rows),
    bounds: sharedArray(Int32Array, 2 * shards.count * waiting),
    sums: sharedArray(Float64Array, rooms(batch) * histogram),
    counts: sharedArray(Int32Array, rules.minSamplesLeaf > 1 ? rooms(batch) * histogram : 0),
    orders: sharedArray(Int32Array, batch * ORDER.size),
    sides: sharedArray(Uint8Array, batch * CODES),
    values: sharedArray(Float64Array, 2 * batch),
    pairs: sharedArray(Int32Array, batch * PAIR.size),
    pairSums: sharedArray(Float64Array, 2 * batch),
    touched: sharedArray(Int32Array, threads * batch),
    found: sharedArray(Float64Array, 2 * batch * FOUND.size),
  };
  memory.labels.set(labels);
  return memory;
}
