import type { TrainingData } from '../data/training-data.js';
import type { Objective } from './lbfgs.js';

/**
 * The mean log loss of a linear model plus `l2 / (2 rows)` times the squared norm of its coefficients.
 *
 * @param means of the columns: margins are computed from the centred columns
 * @param units unit of each parameter: of each feature's coefficient, last of the margin at the means
 * @param outputs margins of a row: 1 for two classes, else one per class
 */
export function penalisedLoss(
  { features, labels }: TrainingData,
  means: Float64Array,
  units: Float64Array,
  outputs: number,
  l2: number,
): Objective {
  const rows = labels.length;
  const { length: width } = units;
  const margins = Array.from({ length: outputs }, () => new Float64Array(rows));
  const sums = new Float64Array(rows);
  return (parameters, gradient) => {
    margins.forEach((own, output) => {
      const first = output * width;
      own.fill(parameters[first + width - 1] * units[width - 1]);
      features.forEach((column, f) => addTimes(own, parameters[first + f] * units[f], column, means[f]));
    });
    let loss = outputs === 1 ? logisticResiduals(margins[0], labels) : softmaxResiduals(margins, labels, sums);
    loss /= rows;
    margins.forEach((own, output) => {
      const first = output * width;
      gradient[first + width - 1] = (own.reduce((sum, residual) => sum + residual, 0) * units[width - 1]) / rows;
      features.forEach((column, f) => {
        const coefficient = parameters[first + f] * units[f];
        gradient[first + f] = ((dot(own, column, means[f]) + l2 * coefficient) * units[f]) / rows;
        loss += (l2 * coefficient * coefficient) / (2 * rows);
      });
    });
    return loss;
  };
}

function addTimes(to: Float64Array, factor: number, column: Float32Array, mean: number): void {
  if (factor === 0) return;
  for (let row = 0; row < to.length; row++) to[row] += factor * (column[row] - mean);
}

function dot(residuals: Float64Array, column: Float32Array, mean: number): number {
  let sum = 0;
  for (let row = 0; row < residuals.length; row++) sum += residuals[row] * (column[row] - mean);
  return sum;
}

/** Overwrites margins with the derivatives of the loss, and returns the summed loss. */
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

/** The same for one margin per class. @param sums a buffer of one number a row */
function softmaxResiduals(margins: readonly Float64Array[], labels: ArrayLike<number>, sums: Float64Array): number {
  const rows = labels.length;
  let loss = 0;
  sums.fill(-Infinity);
  for (const own of margins) for (let row = 0; row < rows; row++) if (own[row] > sums[row]) sums[row] = own[row];
  for (let row = 0; row < rows; row++) loss += sums[row] - margins[labels[row]][row];
  for (const own of margins) for (let row = 0; row < rows; row++) own[row] = Math.exp(own[row] - sums[row]);
  sums.fill(0);
  for (const own of margins) for (let row = 0; row < rows; row++) sums[row] += own[row];
  for (const own of margins) for (let row = 0; row < rows; row++) own[row] /= sums[row];
  for (let row = 0; row < rows; row++) {
    loss += Math.log(sums[row]);
    margins[labels[row]][row] -= 1;
  }
  return loss;
}
