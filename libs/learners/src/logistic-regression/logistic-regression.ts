import { setImmediate } from 'node:timers/promises';
import { classProbabilities } from '../class-probabilities.js';
import type { TrainingData } from '../data/training-data.js';
import type { Hyperparameters } from '../hyperparameters.js';
import type { TrainOptions } from '../train-options.js';
import { columnScale } from './column-scale.js';
import { minimise } from './lbfgs.js';
import { penalisedLoss } from './penalised-loss.js';

/** A linear margin for class 1, or one per class for more than two, followed by sigmoid or softmax. */
export interface LogisticRegressionModel {
  readonly kind: 'logistic_regression';
  readonly features: number;
  readonly classes: number;
  readonly hyperparameters: Hyperparameters<'logistic_regression'>;
  /** Per margin, one coefficient per feature. */
  readonly coefficients: readonly Float64Array[];
  /** One per margin. */
  readonly intercepts: Float64Array;
  /** Whether the penalised loss reached its minimum within `max_iterations`. */
  readonly converged: boolean;
}

export async function trainLogisticRegression(
  hyperparameters: Hyperparameters<'logistic_regression'>,
  data: TrainingData,
  { onProgress, signal }: TrainOptions,
): Promise<LogisticRegressionModel> {
  const { l2, tolerance, max_iterations: iterations } = hyperparameters;
  const { features: columns, labels, classes } = data;
  const scales = columns.map(columnScale);
  const means = Float64Array.from(scales, ({ mean }) => mean);
  const shares = classShares(data);
  const curvature = shares.reduce((sum, share) => sum + share * (1 - share), 0) / classes;
  const variances = scales.map(({ variance }) => variance);
  const units = parameterUnits(variances, curvature, l2 / labels.length);
  const { length: width } = units;
  const outputs = classes === 2 ? 1 : classes;
  const parameters = new Float64Array(outputs * width);
  const start = outputs === 1 ? [Math.log(shares[1] / shares[0])] : Array.from(shares, Math.log);
  start.forEach((margin, output) => (parameters[(output + 1) * width - 1] = margin / units[width - 1]));

  const search = minimise(penalisedLoss(data, means, units, outputs, l2), parameters, tolerance);
  let converged = false;
  for (let done = 1; done <= iterations; done++) {
    await setImmediate();
    signal?.throwIfAborted();
    const step = search.next();
    converged = step.value;
    if (step.done) break;
    onProgress?.(done, iterations);
  }
  const margins = Array.from({ length: outputs }, (_, output) =>
    parameters.subarray(output * width, (output + 1) * width).map((value, i) => value * units[i]),
  );
  const coefficients = margins.map((margin) => margin.slice(0, -1));
  const intercepts = Float64Array.from(margins, (margin) =>
    means.reduce((sum, mean, f) => sum - margin[f] * mean, margin[width - 1]),
  );
  const { length: features } = columns;
  return { kind: 'logistic_regression', features, classes, hyperparameters, coefficients, intercepts, converged };
}

/** Class shares with one row added per class (Laplace), so that their logarithms are finite. */
function classShares({ labels, classes }: TrainingData): Float64Array {
  const counts = new Float64Array(classes).fill(1);
  for (const label of labels) counts[label]++;
  return counts.map((count) => count / (labels.length + classes));
}

/**
 * The unit of each parameter (a preconditioner), chosen so that all have about the same curvature whatever the scale of
 * the columns. The loss's curvature by a coefficient is about the column's variance times that by a margin, and the
 * penalty adds its own. All margins share units: sums over classes then stay 0, where the loss is flat.
 *
 * @param curvature of the loss by a margin
 * @param penalty curvature of the penalty by a coefficient
 */
const parameterUnits = (variances: readonly number[], curvature: number, penalty: number): Float64Array =>
  Float64Array.from(
    [...variances.map((variance) => variance * curvature + penalty), curvature],
    (total) => 1 / Math.sqrt(total),
  );

/** Sigmoid or softmax of the linear margins. */
export function logisticProbabilities(model: LogisticRegressionModel, columns: readonly Float32Array[]): Float64Array {
  const outputs = model.intercepts.length;
  const margins = new Float64Array(columns[0].length * outputs);
  model.coefficients.forEach((coefficients, output) => {
    for (let row = 0, at = output; at < margins.length; row++, at += outputs) {
      let margin = 0;
      for (let f = 0; f < columns.length; f++) margin += coefficients[f] * columns[f][row];
      margins[at] = margin + model.intercepts[output];
    }
  });
  return classProbabilities(margins, model.classes);
}
