/**
 * A binary decision tree in scikit-learn's array layout. Node 0 is the root; a leaf has `left[i] === -1`.
 * A row goes left iff `float32(x[feature[i]]) <= threshold[i]`, compared as float64.
 */
export interface DecisionTree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Class shares of each node, in class order. */
  readonly value: readonly (readonly number[])[];
}

/** A forest of classification trees: the probability is the mean of the leaves' class shares. */
export interface Forest {
  readonly classes: readonly number[] | readonly string[];
  readonly feature_names: readonly string[];
  readonly trees: readonly DecisionTree[];
}
