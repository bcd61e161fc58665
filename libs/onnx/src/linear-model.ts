import type { Link } from './tree-ensemble.js';

/** Margins that are weighted sums of the features, in float64. */
export interface LinearModel {
  readonly features: number;
  /** Of each output, one coefficient a feature. */
  readonly coefficients: readonly Float64Array[];
  /** Of each output, its margin where all features are 0. */
  readonly intercepts: Float64Array;
  readonly link: Link;
}
