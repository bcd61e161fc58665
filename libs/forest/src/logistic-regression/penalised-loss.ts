import type { TrainingData } from '../data/training-data.js';
import type { ColumnScale } from './column-scale.js';
import type { Objective } from './lbfgs.js';

/**
 * The mean log loss of a linear model plus `l2 / (2 rows)` times the squared length of its coefficients. Parameters are,
 * per margin, one per feature, in units of 1 / deviation of the column, and the margin at the columns' means: so all
 * have about the same curvature, whatever the scale of the columns. The penalty is on the coefficients themselves.
 *
 * @param outputs margins of a row: 1 for two classes, else one a class
 */
export function penalisedLoss(
  { features, labels }: TrainingData,
  scales: readonly ColumnScale[],
  outputs: number,
  l2: number,
): Objective {
  const rows = labels.length;
  const width = features.length + 1;
  const margins = new Float64Array(rows * outputs);
  return (parameters, gradient) => {
    for (let output = 0; output < outputs; output++) {
      const first = output * width;
      for (let row = 0; row < rows; row++) margins[row * outputs + output] = parameters[first + width - 1];
      features.forEach((column, f) => {
        const { mean, deviation } = scales[f];
        const coefficient = parameters[first + f] / deviation;
        for (let row = 0, at = output; row < rows; row++, at += outputs) {
          margins[at] += coefficient * (column[row] - mean);
        }
      });
    }
    let loss = outputs === 1 ? logisticResiduals(margins, labels) : softmaxResiduals(margins, labels, outputs);
    loss /= rows;
    for (let output = 0; output < outputs; output++) {
      const first = output * width;
      let sum = 0;
      for (let at = output; at < margins.length; at += outputs) sum += margins[at];
      gradient[first + width - 1] = sum / rows;
      features.forEach((column, f) => {
        const { mean, deviation } = scales[f];
        const coefficient = parameters[first + f] / deviation;
        let slope = 0;
        for (let row = 0, at = output; row < rows; row++, at += outputs) slope += margins[at] * (column[row] - mean);
        gradient[first + f] = (slope + l2 * coefficient) / (rows * deviation);
        loss += (l2 * coefficient * coefficient) / (2 * rows);
      });
    }
    return loss;
  };
}

/** Overwrites margins with the loss's derivatives by them, and returns the summed loss. */
function logisticResiduals(margins: Float64Array, labels: ArrayLike<number>): number {
  let loss = 0;
  for (let row = 0; row < margins.length; row++) {
    const margin = margins[row];
    const small = Math.exp(-Math.abs(margin));
    loss += Math.log1p(small) + Math.max(margin, 0) - labels[row] * margin;
    margins[row] = (margin >= 0 ? 1 : small) / (1 + small) - labels[row];
  }
  return loss;
}

/** The same for one margin a class. */
function softmaxResiduals(margins: Float64Array, labels: ArrayLike<number>, classes: number): number {
  let loss = 0;
  for (let row = 0, at = 0; at < margins.length; row++, at += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, margins[at + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(margins[at + c] - largest);
    loss += Math.log(sum) + largest - margins[at + labels[row]];
    for (let c = 0; c < classes; c++) margins[at + c] = Math.exp(margins[at + c] - largest) / sum;
    margins[at + labels[row]] -= 1;
  }
  return loss;
}
