/** How a node compares. A missing feature (NaN) always follows `missingLeft`. */
export const COMPARISON = {
  /** `x <= threshold` */
  atMost: 0,
  /** `x < threshold` */
  below: 1,
  /** `x` is in the node's category set; a category in no set, including `UNKNOWN_CODE`, goes right. */
  member: 2,
} as const;

/**
 * The function applied to the joined sums: `identity` for class shares or values; `logistic` of the single margin, that
 * of the second class; `softmax` of one margin per class; `exponential` of each.
 */
export type Link = 'identity' | 'logistic' | 'softmax' | 'exponential';

/**
 * A tree ensemble of any origin, in flat arrays that the graph writer, the kernel, the importers and the attribution
 * share. The arrays up to `cover` have one element per node; the nodes of a tree are contiguous, its root first and
 * each child after its parent.
 */
export interface TreeEnsemble {
  readonly features: number;
  /** Number of margins, or values, of a row. */
  readonly outputs: number;
  /** The type of comparisons: with float32, a float64 feature is rounded to float32 first. */
  readonly input: 'float32' | 'float64';
  /** 0 in leaves. */
  readonly feature: Int32Array;
  /** 0 in leaves and in nodes with a category set. */
  readonly threshold: Float64Array;
  /** One of {@link COMPARISON}. */
  readonly comparison: Uint8Array;
  /** 1 where a missing feature goes left. */
  readonly missingLeft: Uint8Array;
  /** Index of the left child over all trees; -1 in leaves. */
  readonly left: Int32Array;
  /** Index of the right child; in leaves the index of the leaf. */
  readonly right: Int32Array;
  /** Number or weight of the training rows that reached the node; empty if unknown. */
  readonly cover: Float64Array;
  /** Node `i` has the categories from `setStart[i]` to before `setStart[i + 1]`; empty where no node has any. */
  readonly setStart: Int32Array;
  /** Whole numbers from 0, ascending within a node. */
  readonly setCodes: Int32Array;
  /** The root of each tree, ascending. */
  readonly roots: Int32Array;
  /** The first output that a tree adds to: its leaves hold `leafWidth` values, for that and the following outputs. */
  readonly firstOutput: Int32Array;
  readonly leafWidth: number;
  /** `leaves` x `leafWidth`. */
  readonly leafValues: Float64Array;
  /** The initial value of each output. */
  readonly baseValues: Float64Array;
  /** `mean` divides the sum of leaves, without base values, by the number of trees. */
  readonly join: 'sum' | 'mean';
  readonly link: Link;
}
