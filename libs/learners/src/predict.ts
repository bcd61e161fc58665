import { classProbabilities } from './class-probabilities.js';
import { checkColumns } from './data/training-data.js';
import { LearnerError } from './learner.error.js';
import { logisticProbabilities } from './logistic-regression/logistic-regression.js';
import { ridgeValues } from './ridge/ridge.js';
import { toEnsemble } from './to-ensemble.js';
import type { TrainedModel } from './trained-model.js';
import { treeMargins } from './tree/tree-margins.js';

/**
 * Class probabilities of rows, `rows` x `classes` values, row-major. They are rounded to float32 as a served model's
 * are, so that both agree on the most probable class.
 *
 * @param columns one per feature, of equal length
 * @throws LearnerError when the columns do not fit the model or hold values it does not accept, and for a regression
 */
export function predictProbabilities(model: TrainedModel, columns: readonly Float32Array[]): Float64Array {
  check(model, columns);
  return probabilitiesOf(model, columns).map(Math.fround);
}

/**
 * Predictions of a regression, in float64 as a served model's.
 *
 * @throws LearnerError as {@link predictProbabilities}, and for a classifier
 */
export function predictValues(model: TrainedModel, columns: readonly Float32Array[]): Float64Array {
  check(model, columns);
  if (model.kind === 'logistic_regression' || model.classes > 0)
    throw new LearnerError(`the ${model.kind} tells classes apart and predicts no number`);
  switch (model.kind) {
    case 'random_forest':
    case 'gradient_boosting':
      return treeMargins(toEnsemble(model), columns);
    case 'ridge':
      return ridgeValues(model, columns);
  }
}

function check(model: TrainedModel, columns: readonly Float32Array[]): void {
  if (columns.length !== model.features || columns.some(({ length }) => length !== columns[0].length)) {
    const lengths = columns.map(({ length }) => length).join(', ');
    throw new LearnerError(`the model takes ${model.features} columns of equal length, got lengths [${lengths}]`);
  }
  checkColumns(columns, 'missing' in model && model.missing);
}

function probabilitiesOf(model: TrainedModel, columns: readonly Float32Array[]): Float64Array {
  if (model.kind === 'ridge' || model.classes === 0)
    throw new LearnerError(`the ${model.kind} predicts a number and has no probabilities`);
  switch (model.kind) {
    case 'random_forest':
      return treeMargins(toEnsemble(model), columns);
    case 'gradient_boosting':
      return classProbabilities(treeMargins(toEnsemble(model), columns), model.classes);
    case 'logistic_regression':
      return logisticProbabilities(model, columns);
  }
}
