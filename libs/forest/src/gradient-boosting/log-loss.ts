/** A second derivative of 0 would make a row count for nothing. */
const MIN_CURVATURE = 1e-16;

/**
 * First and second derivative of the log loss by one margin of each row. With more than two classes the second one is
 * doubled, as in XGBoost: this bounds the part off the diagonal, so that no step overshoots.
 *
 * @param probabilities `rows` x `classes`
 * @param positive the class whose margin it is
 * @param gradients overwritten: two numbers a row
 */
export function deriveLogLoss(
  probabilities: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  positive: number,
  gradients: Float32Array,
): void {
  const factor = classes === 2 ? 1 : 2;
  for (let row = 0; row < labels.length; row++) {
    const probability = probabilities[row * classes + positive];
    gradients[2 * row] = probability - (labels[row] === positive ? 1 : 0);
    gradients[2 * row + 1] = Math.max(factor * probability * (1 - probability), MIN_CURVATURE);
  }
}

/** The mean of `-log(probability of the row's class)`. */
export function meanLogLoss(probabilities: Float64Array, labels: ArrayLike<number>, classes: number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    sum -= Math.log(Math.max(probabilities[row * classes + labels[row]], Number.MIN_VALUE));
  }
  return sum / labels.length;
}
