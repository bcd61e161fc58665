export type { DecisionTree, Forest } from './forest.js';
export { forestProbabilities } from './forest-probabilities.js';
export { forestToOnnx } from './forest-to-onnx.js';
