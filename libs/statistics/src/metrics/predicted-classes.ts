/** Index of each row's most probable class, the first one of equals: numpy's `argmax`, as scikit-learn predicts. */
export function predictedClasses(probabilities: Float64Array, width: number): Int32Array {
  const predicted = new Int32Array(probabilities.length / width);
  for (let row = 0, at = 0; row < predicted.length; row++, at += width) {
    let best = 0;
    for (let k = 1; k < width; k++) if (probabilities[at + k] > probabilities[at + best]) best = k;
    predicted[row] = best;
  }
  return predicted;
}
