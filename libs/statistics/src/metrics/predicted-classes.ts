import type { ScoredRows } from './scored-rows.js';

/**
 * Index of each row's most probable class, the first one of ties (numpy's `argmax`, as scikit-learn predicts). With two
 * classes and a threshold: the second one from the threshold on.
 */
export function predictedClasses({
  labels,
  probabilities,
  classes,
  threshold,
}: Omit<ScoredRows, 'labels'> & { readonly labels: { readonly length: number } }): Int32Array {
  const width = classes.length;
  if (threshold !== undefined)
    return Int32Array.from({ length: labels.length }, (_, row) => Number(probabilities[row * width + 1] >= threshold));
  const predicted = new Int32Array(labels.length);
  for (let row = 0, at = 0; row < predicted.length; row++, at += width) {
    let best = 0;
    for (let k = 1; k < width; k++) if (probabilities[at + k] > probabilities[at + best]) best = k;
    predicted[row] = best;
  }
  return predicted;
}
