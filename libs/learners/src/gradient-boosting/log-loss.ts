/** The mean of `-log(probability of the row's class)`. */
export function meanLogLoss(probabilities: Float64Array, labels: ArrayLike<number>, classes: number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    sum -= Math.log(Math.max(probabilities[row * classes + labels[row]], Number.MIN_VALUE));
  }
  return sum / labels.length;
}
