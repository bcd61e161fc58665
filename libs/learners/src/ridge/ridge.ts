import type { RegressionData } from '../data/training-data.js';
import type { Hyperparameters } from '../hyperparameters.js';
import { LearnerError } from '../learner.error.js';
import { columnScale } from '../logistic-regression/column-scale.js';
import { solvePositive } from './solve-positive.js';

/** Ridge regression (Hoerl, Kennard: "Ridge regression", 1970). */
export interface RidgeModel {
  readonly kind: 'ridge';
  readonly features: number;
  readonly classes: 0;
  readonly hyperparameters: Hyperparameters<'ridge'>;
  readonly coefficients: Float64Array;
  /** The prediction where all features are 0. */
  readonly intercept: number;
}

/** The Gram matrix takes 8 bytes per pair of features: 128 MiB. */
const MAX_FEATURES = 4_096;

/** The exact minimum of the squared error plus `l2` times the squared norm of the coefficients. */
export function trainRidge(hyperparameters: Hyperparameters<'ridge'>, data: RegressionData): RidgeModel {
  const { features: columns, targets } = data;
  const width = columns.length;
  if (width > MAX_FEATURES) {
    throw new LearnerError(`there are ${width} features; ridge takes at most ${MAX_FEATURES}`);
  }
  const means = columns.map((column) => columnScale(column).mean);
  const centre = targets.reduce((sum, target) => sum + target / targets.length, 0);
  const matrix = new Float64Array(width * width);
  const right = new Float64Array(width);
  const [own, other] = [new Float64Array(targets.length), new Float64Array(targets.length)];
  const distances = targets.map((target) => target - centre);
  for (let f = 0; f < width; f++) {
    centred(columns[f], means[f], own);
    right[f] = dot(own, distances);
    for (let g = 0; g <= f; g++) {
      centred(columns[g], means[g], other);
      matrix[f * width + g] = matrix[g * width + f] = dot(own, other) + (f === g ? hyperparameters.l2 : 0);
    }
  }
  const coefficients = solvePositive(matrix, right);
  const intercept = means.reduce((sum, mean, f) => sum - coefficients[f] * mean, centre);
  return { kind: 'ridge', features: width, classes: 0, hyperparameters, coefficients, intercept };
}

function centred(column: Float32Array, mean: number, to: Float64Array): void {
  for (let row = 0; row < to.length; row++) to[row] = column[row] - mean;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row++) sum += a[row] * b[row];
  return sum;
}

export function ridgeValues({ coefficients, intercept }: RidgeModel, columns: readonly Float32Array[]): Float64Array {
  const values = new Float64Array(columns[0].length);
  columns.forEach((column, f) => {
    for (let row = 0; row < values.length; row++) values[row] += coefficients[f] * column[row];
  });
  return values.map((value) => value + intercept);
}
