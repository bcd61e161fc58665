import type { BootstrapOptions } from '#statistics';
import type { TrivialRegression } from './evaluation-report.js';
import { meanWithInterval } from './mean-difference.js';

/** Compares a regression with a constant prediction. @param mean of the training part's targets */
export function compareMean(
  {
    targets,
    predictions,
    ...options
  }: { readonly targets: Float64Array; readonly predictions: Float64Array } & BootstrapOptions,
  mean: number,
): TrivialRegression {
  const trivial = targets.map((target) => (mean - target) ** 2);
  const excess = targets.map((target, row) => (predictions[row] - target) ** 2 - trivial[row]);
  return {
    rmse: Math.sqrt(trivial.reduce((sum, loss) => sum + loss, 0) / trivial.length),
    ...meanWithInterval(excess, options),
  };
}
