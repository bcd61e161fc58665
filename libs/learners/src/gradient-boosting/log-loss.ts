/**
 * The mean of `-log(probability of the row's class)`.
 *
 * @param least the lower bound of probabilities
 */
export function meanLogLoss(
  probabilities: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  least = Number.MIN_VALUE,
): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    sum -= Math.log(Math.max(probabilities[row * classes + labels[row]], least));
  }
  return sum / labels.length;
}
