import { type ClassLabels, ensembleClassifier, ensembleRegressor, linearClassifier, linearRegressor } from '#onnx';
import { LearnerError } from './learner.error.js';
import { toEnsemble, toLinear } from './to-ensemble.js';
import type { TrainedModel } from './trained-model.js';

/** The names of a trained model's classes and features, of which the model only knows the count. */
export interface ModelNames {
  /** The label of each class index; empty for a regression. */
  readonly classes: ClassLabels;
  readonly featureNames: readonly string[];
}

/**
 * Writes a trained model as ONNX: `features` float32 [N, features] -> `probabilities` float32 [N, classes] and `label`
 * int64 or string [N]. Its answers match `predictProbabilities` to 1e-6, and its label is always the class most
 * probable there. A regression has `prediction` float64 [N]; with trees it equals `predictValues` bit for bit.
 *
 * @throws LearnerError when the number of names does not match the model's classes and features
 */
export function toOnnx(model: TrainedModel, { classes, featureNames }: ModelNames): Uint8Array {
  const given = [classes.length, featureNames.length];
  if (given[0] !== model.classes || given[1] !== model.features) {
    throw new LearnerError(
      `the model has ${model.classes} classes and ${model.features} features; named are ${given[0]} and ${given[1]}`,
    );
  }
  switch (model.kind) {
    case 'logistic_regression':
      return linearClassifier(toLinear(model), classes);
    case 'ridge':
      return linearRegressor(toLinear(model));
    case 'random_forest':
    case 'gradient_boosting':
      return model.classes === 0
        ? ensembleRegressor(toEnsemble(model))
        : ensembleClassifier(toEnsemble(model), classes, 'float32');
  }
}
