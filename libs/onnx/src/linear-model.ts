import type { Link, TreeEnsemble } from './tree-ensemble.js';

/**
 * What becomes of weighted sums: as of trees; the logistic function of each, as shares of their sum; or 1 for the class that
 * they decide for, the second one above 0 where there is one sum, and 0 for the others.
 */
export type LinearLink = Link | 'one_vs_rest' | 'decision';

/** Margins that are weighted sums of the features, in float64. */
export interface LinearModel {
  readonly features: number;
  /** What the features come as. */
  readonly input: TreeEnsemble['input'];
  /** Of each output, one coefficient a feature. */
  readonly coefficients: readonly Float64Array[];
  /** Of each output, its margin where all features are 0. */
  readonly intercepts: Float64Array;
  readonly link: LinearLink;
}
