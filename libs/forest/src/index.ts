export type { DecisionTree, Forest } from './forest.js';
export { forestProbabilities } from './forest-probabilities.js';
export { forestToOnnx } from './forest-to-onnx.js';

export type { TrainingData } from './data/training-data.js';
export { featureImportances } from './feature-importances.js';
export { type LearnerKind, type LearnerSpec, resolveHyperparameters } from './hyperparameters.js';
export { LearnerError } from './learner.error.js';
export { predictProbabilities } from './predict-probabilities.js';
export { RandomStream } from './random/random-stream.js';
export { stratifiedFolds } from './stratified.js';
export { type ModelNames, toOnnx } from './to-onnx.js';
export { trainModel } from './train-model.js';
export type { TrainOptions } from './train-options.js';
export type { TrainedModel } from './trained-model.js';
