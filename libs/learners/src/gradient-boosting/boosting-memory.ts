import type { FeatureBins } from './feature-bins.js';
import type { Shards } from './shards.js';

export interface BoostingRules {
  readonly minSamplesLeaf: number;
  /** Sum of second derivatives. */
  readonly minChildWeight: number;
  readonly l2: number;
  readonly maxDepth: number;
  /** What a row of each class weighs; empty where all weigh the same. */
  readonly classWeights: Float64Array;
  /** Whether features may be missing. */
  readonly missing: boolean;
}

/** What a node of the batch comes to, in {@link BoostingMemory.orders}. */
export const ORDER = { bounds: 0, rightBounds: 1, column: 2, size: 3 } as const;
/** A split node's children, the one with fewer rows and the other, in {@link BoostingMemory.pairs}. */
export const PAIR = { bounds: 0, small: 1, large: 2, smallRows: 3, largeRows: 4, size: 5 } as const;
/** The best split of a child, in {@link BoostingMemory.found}: feature -1 where none gains. */
export const FOUND = { feature: 0, bin: 1, gain: 2, leftSum: 3, missing: 4, size: 5 } as const;

type Addressed =
  | 'labels'
  | 'targets'
  | 'weights'
  | 'curvatures'
  | 'margins'
  | 'probabilities'
  | 'packed'
  | 'shardSums'
  | 'steps'
  | 'order'
  | 'words'
  | 'column'
  | 'divisor'
  | 'codes'
  | 'shared'
  | 'binCounts'
  | 'missing'
  | 'sums'
  | 'counts'
  | 'ownSums'
  | 'ownCounts'
  | 'sides'
  | 'values'
  | 'found';

/**
 * All that the threads of one training share. Threads write at places of their own, or exact sums, so that what is in
 * here after a phase does not depend on how many threads there were.
 */
export interface BoostingMemory {
  /** Holds all arrays. */
  readonly arena: WebAssembly.Memory;
  /** Where arrays begin in it, in bytes: the arguments of kernels. */
  readonly at: Readonly<Record<Addressed, number>>;
  readonly rows: number;
  readonly features: number;
  /** 0 in a regression. */
  readonly classes: number;
  /** Margins of a row: one for two classes and for a regression, else one a class. */
  readonly outputs: number;
  readonly threads: number;
  readonly rules: BoostingRules;
  readonly shards: Shards;
  readonly bins: FeatureBins;
  /** Empty in a regression. */
  readonly labels: Uint16Array;
  /** What a regression learns, as distances from the mean in units that make them at most 1; else empty. */
  readonly targets: Float32Array;
  /** What a row of each class weighs; empty where all weigh the same. */
  readonly weights: Float64Array;
  /** Of each row, where its gradient does not tell it; else empty. */
  readonly curvatures: Float64Array;
  /** `rows` x `outputs`; of classes multiples of one step, so that float32 sums are exact. */
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
  /** Nodes that may wait at once: slots of `bounds`, and of `sums` before those of other threads. */
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
