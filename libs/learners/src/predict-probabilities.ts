import { checkColumns } from './data/training-data.js';
import { boostingProbabilities } from './gradient-boosting/gradient-boosting.js';
import { LearnerError } from './learner.error.js';
import { logisticProbabilities } from './logistic-regression/logistic-regression.js';
import { forestModelProbabilities } from './random-forest/random-forest.js';
import type { TrainedModel } from './trained-model.js';

/**
 * Class probabilities of rows, `rows` x `classes` values, row by row. All are float32 numbers, as a served model
 * answers, so that the largest of a row is the same here and there.
 *
 * @param columns one per feature, of equal length
 * @throws LearnerError when the columns do not fit the model or hold what is not finite
 */
export function predictProbabilities(model: TrainedModel, columns: readonly Float32Array[]): Float64Array {
  if (columns.length !== model.features || columns.some(({ length }) => length !== columns[0].length)) {
    const lengths = columns.map(({ length }) => length).join(', ');
    throw new LearnerError(`the model takes ${model.features} columns of equal length, got lengths [${lengths}]`);
  }
  checkColumns(columns);
  return probabilitiesOf(model, columns).map(Math.fround);
}

function probabilitiesOf(model: TrainedModel, columns: readonly Float32Array[]): Float64Array {
  switch (model.kind) {
    case 'random_forest':
      return forestModelProbabilities(model, columns);
    case 'gradient_boosting':
      return boostingProbabilities(model, columns);
    case 'logistic_regression':
      return logisticProbabilities(model, columns);
  }
}
