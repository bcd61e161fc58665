import { type ClassLabels, ensembleClassifier, linearClassifier } from '#onnx';
import { LearnerError } from './learner.error.js';
import { toEnsemble, toLinear } from './to-ensemble.js';
import type { TrainedModel } from './trained-model.js';

/** What a trained model does not know of itself: it counts features and classes only. */
export interface ModelNames {
  /** The label of each class index. */
  readonly classes: ClassLabels;
  readonly featureNames: readonly string[];
}

/**
 * Writes a trained model as ONNX: `features` float32 [N, features] -> `probabilities` float32 [N, classes] and `label`
 * int64 or string [N]. It answers what `predictProbabilities` does to 1e-6, and on every row the class whose
 * probability there is largest.
 *
 * @throws LearnerError when there are not as many names as the model has classes and features
 */
export function toOnnx(model: TrainedModel, names: ModelNames): Uint8Array {
  const given = [names.classes.length, names.featureNames.length];
  if (given[0] !== model.classes || given[1] !== model.features) {
    throw new LearnerError(
      `the model has ${model.classes} classes and ${model.features} features; named are ${given[0]} and ${given[1]}`,
    );
  }
  if (model.kind === 'logistic_regression') return linearClassifier(toLinear(model), names.classes);
  return ensembleClassifier(toEnsemble(model), names.classes, 'float32');
}
