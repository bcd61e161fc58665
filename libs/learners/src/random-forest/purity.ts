export type Criterion = 'gini' | 'entropy';

/**
 * The purity of a set of rows: impurity in a form that is cheap to compare, larger is purer. A split's gain is the
 * purity of its sides minus that of the node, which is the decrease of impurity times the weight (Breiman et al.:
 * "Classification and Regression Trees", 1984, chapter 4).
 *
 * - gini: `sum w_c^2 / w`, which is `w - w * gini`
 * - entropy, in bits: `sum w_c log2 w_c - w log2 w`, which is `-w * entropy`
 *
 * @param weights the weight of each class
 */
export function purity(criterion: Criterion, weights: Float64Array): number {
  let total = 0;
  let sum = 0;
  for (const weight of weights) {
    total += weight;
    sum += classTerm(criterion, weight);
  }
  return criterion === 'gini' ? sum / total : sum - weightedLog2(total);
}

/** One class's term of the sum. */
export const classTerm = (criterion: Criterion, weight: number): number =>
  criterion === 'gini' ? weight * weight : weightedLog2(weight);

/** The purity of both sides of a split, from the sums of their classes' terms. */
export function splitPurity(
  criterion: Criterion,
  leftSum: number,
  leftWeight: number,
  rightSum: number,
  rightWeight: number,
): number {
  return criterion === 'gini'
    ? (leftSum * rightWeight + rightSum * leftWeight) / (leftWeight * rightWeight)
    : leftSum - weightedLog2(leftWeight) + rightSum - weightedLog2(rightWeight);
}

const weightedLog2 = (weight: number): number => (weight > 0 ? weight * Math.log2(weight) : 0);
