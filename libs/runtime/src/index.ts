export {
  type AnsweredRows,
  INFERENCE_OBSERVER,
  type InferenceObserver,
  type ModelIdentity,
  UNOBSERVED,
} from './inference-observer.js';
export { createTensor, openSession, RUNTIME_VERSION } from './onnx-runtime.js';
export type { Engine } from './engine.js';
export { openEngine } from './open-engine.js';
export { type LoadedModel, openBundle } from './open-bundle.js';
export type { ParityReport } from './parity.js';
export { idText } from './prediction-ids.js';
export { roundProbability } from './round-probability.js';
export { AS_FEATURES, Scorer } from './scorer.js';
export { type BatchPrediction, type Prediction, ServedModel } from './served-model.js';
export { rowsOf, TensorModel, type TensorOptions } from './tensor-model.js';
export type { Datatype, NamedTensor, TensorData, TensorSpec } from './tensor.js';
export type { Verdict } from './verdict.js';
