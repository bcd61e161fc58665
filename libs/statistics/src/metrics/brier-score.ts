import type { ScoredRows } from './scored-rows.js';

/**
 * The mean squared error of the probabilities (Brier: Verification of forecasts expressed in terms of probability,
 * 1950). As in scikit-learn's `brier_score_loss`: with two classes, of the positive one only, from 0 to 1; with more,
 * the sum over classes, from 0 to 2.
 */
export function brierScore({ labels, probabilities, classes }: ScoredRows): number {
  const width = classes.length;
  let sum = 0;
  for (let row = 0, at = 0; row < labels.length; row++, at += width) {
    for (let k = width === 2 ? 1 : 0; k < width; k++) {
      sum += (probabilities[at + k] - (labels[row] === k ? 1 : 0)) ** 2;
    }
  }
  return sum / labels.length;
}
