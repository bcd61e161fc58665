import { checkTrainingData, type RegressionData, type TrainingData } from './data/training-data.js';
import { type LearnerKind, type LearnerSpec, resolveHyperparameters, takesMissing } from './hyperparameters.js';
import { LearnerError } from './learner.error.js';
import type { TrainOptions } from './train-options.js';
import type { TrainedModel } from './trained-model.js';

const MAX_THREADS = 256;

/**
 * Trains a classifier, or a regression where the data have targets instead of labels. The model depends only on the
 * spec, the data and the seed, not on the number of threads.
 *
 * @throws LearnerError on hyperparameters or data that cannot be trained; the signal's reason when it is aborted
 */
export async function trainModel(
  spec: LearnerSpec,
  data: TrainingData | RegressionData,
  options: TrainOptions,
): Promise<TrainedModel> {
  const { seed, threads, signal } = options;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new LearnerError(`seed is ${seed}; it must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  }
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new LearnerError(`threads is ${threads}; it must be a whole number from 1 to ${MAX_THREADS}`);
  }
  signal?.throwIfAborted();
  const train = prepare(spec);
  checkTrainingData(data);
  return Object.freeze(await train(data, options));
}

type Train = (data: TrainingData | RegressionData, options: TrainOptions) => Promise<TrainedModel>;

/** Validates a spec before the data. Imports only the learner that will train, to save memory. */
function prepare(spec: LearnerSpec): Train {
  const { kind } = spec;
  resolveHyperparameters(kind, spec.hyperparameters);
  switch (kind) {
    case 'random_forest':
      return async (data, options) => {
        const { trainRandomForest } = await import('./random-forest/random-forest.js');
        return trainRandomForest(resolveHyperparameters(kind, spec.hyperparameters), data, options);
      };
    case 'gradient_boosting':
      return async (data, options) => {
        const { trainGradientBoosting } = await import('./gradient-boosting/gradient-boosting.js');
        return trainGradientBoosting(resolveHyperparameters(kind, spec.hyperparameters), data, options);
      };
    case 'logistic_regression':
      return async (data, options) => {
        refuseMissing(kind, data);
        if ('targets' in data) {
          throw new LearnerError('logistic_regression tells classes apart; for a regression choose ridge');
        }
        const { trainLogisticRegression } = await import('./logistic-regression/logistic-regression.js');
        return trainLogisticRegression(resolveHyperparameters(kind, spec.hyperparameters), data, options);
      };
    case 'ridge':
      return async (data) => {
        refuseMissing(kind, data);
        if (!('targets' in data)) {
          throw new LearnerError('ridge predicts numbers; to tell classes apart choose logistic_regression');
        }
        const { trainRidge } = await import('./ridge/ridge.js');
        return trainRidge(resolveHyperparameters(kind, spec.hyperparameters), data);
      };
  }
}

function refuseMissing(kind: LearnerKind, { missing }: TrainingData | RegressionData): void {
  if (missing && !takesMissing(kind)) {
    throw new LearnerError(
      `${kind} takes no missing values; impute them, or choose gradient_boosting or random_forest`,
    );
  }
}
