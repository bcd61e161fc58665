import type { FeatureBins } from './feature-bins.js';
import type { Shards } from './shards.js';

export interface BoostingRules {
  readonly minSamplesLeaf: number;
  /** Sum of second derivatives. */
  readonly minChildWeight: number;
  readonly l2: number;
  readonly maxDepth: number;
  /** The weight of each class; empty where all are equal. */
  readonly classWeights: Float64Array;
  /** Whether features may be missing. */
  readonly missing: boolean;
}

/** Layout of {@link BoostingMemory.orders}: how the rows of a node of the batch are split. */
export const ORDER = { bounds: 0, rightBounds: 1, column: 2, size: 3 } as const;
/** Layout of {@link BoostingMemory.pairs}: a split node's children, the smaller (fewer rows) and the larger. */
export const PAIR = { bounds: 0, small: 1, large: 2, smallRows: 3, largeRows: 4, size: 5 } as const;
/** Layout of {@link BoostingMemory.found}: the best split of a child; feature -1 where none gains. */
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
 * All memory that the threads of one training share. Threads write to disjoint places or add to exact sums, so the
 * contents after a phase do not depend on the number of threads.
 */
export interface BoostingMemory {
  /** Holds all arrays. */
  readonly arena: WebAssembly.Memory;
  /** Byte offsets of the arrays in it: the arguments of kernels. */
  readonly at: Readonly<Record<Addressed, number>>;
  readonly rows: number;
  readonly features: number;
  /** 0 in a regression. */
  readonly classes: number;
  /** Margins of a row: one for two classes and for a regression, else one per class. */
  readonly outputs: number;
  readonly threads: number;
  readonly rules: BoostingRules;
  readonly shards: Shards;
  readonly bins: FeatureBins;
  /** Empty in a regression. */
  readonly labels: Uint16Array;
  /** Targets of a regression, as distances from the mean scaled to at most 1; else empty. */
  readonly targets: Float32Array;
  /** The weight of each class; empty where all are equal. */
  readonly weights: Float64Array;
  /** The curvature of each row where its gradient does not determine it; else empty. */
  readonly curvatures: Float64Array;
  /** `rows` x `outputs`; for classes multiples of one step, so that float32 sums are exact. */
  readonly margins: Float32Array;
  /** `rows` x `classes` at the start of a round; empty for two classes. */
  readonly probabilities: Float32Array;
  /** Of each row: first its gradient, then gradient and curvature packed. */
  readonly packed: Float64Array;
  /** Per shard: the sums of absolute gradients, of curvatures, and of packed numbers. */
  readonly shardSums: Float64Array;
  /** The size of one step of gradient and of curvature in packed numbers. */
  readonly steps: Float64Array;
  /** Rows of each shard, sorted by node: nodes of even depth in the first half, of odd depth in the second. */
  readonly order: Int32Array;
  /** Per waiting node and shard: the range of its rows in `order`. */
  readonly bounds: Int32Array;
  /** Nodes processed at once. */
  readonly batch: number;
  /** The most nodes that wait at once: slots of `bounds`, and the first slots of `sums`; other threads' come after. */
  readonly waiting: number;
  /** The length of a histogram. */
  readonly histogram: number;
  /** Histograms: sums of packed numbers per column and code. */
  readonly sums: Float64Array;
  /** Row counts of the histograms; empty unless leaves must hold several rows. */
  readonly counts: Int32Array;
  readonly orders: Int32Array;
  /** Per order and code: 1 where it goes left, else 0. */
  readonly sides: Uint8Array;
  /** Per order: what the left and the right child, if leaves, add to the margins. */
  readonly values: Float64Array;
  readonly pairs: Int32Array;
  /** Per pair: the children's sums of packed numbers. */
  readonly pairSums: Float64Array;
  /** Per thread and pair: whether the thread has added rows to its histogram. */
  readonly touched: Int32Array;
  readonly found: Float64Array;
}
