/**
 * Class probabilities from margins. Two classes have one margin a row, that of class 1, passed through the logistic
 * function; more classes have one margin each, passed through softmax.
 *
 * @returns `rows` x `classes` values
 */
export const classProbabilities = (margins: Float64Array, classes: number): Float64Array =>
  classes === 2 ? logistic(margins) : softmax(margins, classes);

function logistic(margins: Float64Array): Float64Array {
  const probabilities = new Float64Array(2 * margins.length);
  for (let row = 0; row < margins.length; row++) {
    const probability = 1 / (1 + Math.exp(-margins[row]));
    probabilities[2 * row] = 1 - probability;
    probabilities[2 * row + 1] = probability;
  }
  return probabilities;
}

function softmax(margins: Float64Array, classes: number): Float64Array {
  const probabilities = new Float64Array(margins.length);
  for (let at = 0; at < margins.length; at += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, margins[at + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const power = Math.exp(margins[at + c] - largest);
      probabilities[at + c] = power;
      sum += power;
    }
    for (let c = 0; c < classes; c++) probabilities[at + c] /= sum;
  }
  return probabilities;
}
