import { setImmediate } from 'node:timers/promises';
import { classProbabilities } from '../class-probabilities.js';
import type { TrainingData } from '../data/training-data.js';
import type { Hyperparameters } from '../hyperparameters.js';
import type { TrainOptions } from '../train-options.js';
import { columnScale } from './column-scale.js';
import { minimise } from './lbfgs.js';
import { penalisedLoss } from './penalised-loss.js';

/** A linear margin for class 1, or for each of more than two classes, with a sigmoid or softmax after it. */
export interface LogisticRegressionModel {
  readonly kind: 'logistic_regression';
  readonly features: number;
  readonly classes: number;
  readonly hyperparameters: Hyperparameters<'logistic_regression'>;
  /** Per margin, one coefficient a feature. */
  readonly coefficients: readonly Float64Array[];
  /** Per margin, its value where all features are 0. */
  readonly intercepts: Float64Array;
}

export async function trainLogisticRegression(
  hyperparameters: Hyperparameters<'logistic_regression'>,
  data: TrainingData,
  { onProgress, signal }: TrainOptions,
): Promise<LogisticRegressionModel> {
  const { l2, tolerance, max_iterations: iterations } = hyperparameters;
  const { length: features } = data.features;
  const scales = data.features.map(columnScale);
  const outputs = data.classes === 2 ? 1 : data.classes;
  const parameters = new Float64Array(outputs * (features + 1));
  const search = minimise(penalisedLoss(data, scales, outputs, l2), parameters, tolerance);
  for (let done = 1; done <= iterations; done++) {
    await setImmediate();
    signal?.throwIfAborted();
    if (search.next().done) break;
    onProgress?.(done, iterations);
  }
  const margins = Array.from({ length: outputs }, (_, output) =>
    parameters.subarray(output * (features + 1), (output + 1) * (features + 1)),
  );
  const coefficients = margins.map((margin) =>
    margin.slice(0, features).map((value, f) => value / scales[f].deviation),
  );
  const intercepts = Float64Array.from(margins, (margin, output) =>
    scales.reduce((sum, { mean }, f) => sum - coefficients[output][f] * mean, margin[features]),
  );
  return { kind: 'logistic_regression', features, classes: data.classes, hyperparameters, coefficients, intercepts };
}

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
