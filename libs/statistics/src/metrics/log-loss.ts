import type { ScoredRows } from './scored-rows.js';

/**
 * Each row's -log of the probability of its true class; the log loss is their mean. As in scikit-learn's `log_loss`,
 * probabilities are first clipped to [e, 1 - e], e = 2^-52, and divided by the row's sum.
 */
export function rowLosses({ labels, probabilities, classes }: ScoredRows): Float64Array {
  const width = classes.length;
  const losses = new Float64Array(labels.length);
  for (let row = 0, at = 0; row < losses.length; row++, at += width) {
    let sum = 0;
    let own = 0;
    for (let k = 0; k < width; k++) {
      const clipped = Math.min(Math.max(probabilities[at + k], Number.EPSILON), 1 - Number.EPSILON);
      sum += clipped;
      if (k === labels[row]) own = clipped;
    }
    losses[row] = -Math.log(own / sum);
  }
  return losses;
}
