import type { Link, TreeEnsemble } from './tree-ensemble.js';

/**
 * The link of weighted sums: one of trees; `one_vs_rest`, the logistic function of each, normalised by their sum; or
 * `decision`, 1 for the decided class and 0 for the others (with a single sum, the second class above 0).
 */
export type LinearLink = Link | 'one_vs_rest' | 'decision';

/** Margins that are weighted sums of the features, in float64. */
export interface LinearModel {
  readonly features: number;
  /** The type of the features. */
  readonly input: TreeEnsemble['input'];
  /** For each output, one coefficient per feature. */
  readonly coefficients: readonly Float64Array[];
  /** One for each output. */
  readonly intercepts: Float64Array;
  readonly link: LinearLink;
}
