/** How a node decides who goes left. A feature that is missing (NaN) goes where `missingLeft` says, whatever this is. */
export const COMPARISON = {
  /** `x <= threshold` */
  atMost: 0,
  /** `x < threshold` */
  below: 1,
  /** `x` is in the node's set of categories; one that is in no set, `UNKNOWN_CODE` too, goes right. */
  member: 2,
} as const;

/**
 * What becomes of the joined sums: the class shares or values themselves; the logistic function of the one margin, that
 * of the second class; the softmax of one margin a class; `e^x` of each.
 */
export type Link = 'identity' | 'logistic' | 'softmax' | 'exponential';

/**
 * Decision trees whose leaves add up, whoever trained them: flat arrays, from which the graph is written and which a
 * kernel, an importer and an attribution share. An element of the arrays up to `cover` is a node; the nodes of a tree
 * stand together, its root first and each child behind its parent.
 */
export interface TreeEnsemble {
  readonly features: number;
  /** The margins, or values, of a row. */
  readonly outputs: number;
  /** What rows are compared as: float32 means that a float64 feature is rounded to float32 before. */
  readonly input: 'float32' | 'float64';
  /** 0 in leaves. */
  readonly feature: Int32Array;
  /** 0 in leaves and where categories decide. */
  readonly threshold: Float64Array;
  /** One of {@link COMPARISON}. */
  readonly comparison: Uint8Array;
  /** 1 where a missing feature goes left. */
  readonly missingLeft: Uint8Array;
  /** The child's node, counted over all trees; -1 in leaves. */
  readonly left: Int32Array;
  /** The same; in leaves the number of the leaf. */
  readonly right: Int32Array;
  /** Training rows that reached the node, or what they weighed; empty where nobody counted. */
  readonly cover: Float64Array;
  /** Node `i` holds the categories from `setStart[i]` to before `setStart[i + 1]`; empty where no node has any. */
  readonly setStart: Int32Array;
  /** Whole numbers from 0 on, ascending within a node. */
  readonly setCodes: Int32Array;
  /** The root of each tree, ascending. */
  readonly roots: Int32Array;
  /** The first output that a tree's leaves add to: they hold `leafWidth` values, for it and those after it. */
  readonly firstOutput: Int32Array;
  readonly leafWidth: number;
  /** `leaves` x `leafWidth`. */
  readonly leafValues: Float64Array;
  /** What every row starts with, one an output. */
  readonly baseValues: Float64Array;
  /** `mean` divides what the leaves add up to, without the base values, by the number of trees. */
  readonly join: 'sum' | 'mean';
  readonly link: Link;
}
