export { argmax } from './argmax.js';
export type {
  Aliases,
  Baseline,
  Bundle,
  ClassLabel,
  GoldenSource,
  Golden,
  GoldenRow,
  LabelSource,
  Manifest,
  TensorBundle,
  TensorManifest,
} from './bundle/bundle.js';
export type { ModelState } from './default-model.js';
export { BundleError } from './bundle/bundle.error.js';
export { readPrivateKey, readPublicKey, signBundle } from './bundle/bundle-signature.js';
export { parseDocument } from './bundle/bundle-schemas.js';
export { listVersions } from './bundle/list-versions.js';
export { listModels, locateChampion, nextVersion, readAliases } from './bundle/locate-bundle.js';
export { digestOf, readAnyBundle, readBundle, readManifest } from './bundle/read-bundle.js';
export { type Beside, selfContained } from './onnx/self-contained.js';
export {
  type NewBundle,
  type NewTensorBundle,
  writeAliases,
  writeBundle,
  writeTensorBundle,
} from './bundle/write-bundle.js';
export {
  FeatureOverflowError,
  ModelFailureError,
  ModelNotFoundError,
  ModelNotReadyError,
  NoDefaultModelError,
  NoPipelineError,
  OverloadedError,
  VersionNotLoadedError,
} from './inference.errors.js';
export { INFERENCE_OBSERVER, type InferenceObserver, type ModelIdentity } from './inference-observer.js';
export type { VersionState } from './model-entry.js';
export { type ListedVersion, ModelRegistry } from './model-registry.js';
export { OnnxSession } from './onnx-session.js';
export type { LoadedModel } from './open-model.js';
export type { ParityReport } from './parity.js';
export { RegistryModule } from './registry.module.js';
export type { RegistryOptions } from './registry.options.js';
export { type BatchPrediction, type Prediction, ServedModel } from './served-model.js';
export type { Datatype, NamedTensor, TensorData, TensorSpec } from './tensor.js';
export { differingRows, type RowLabels } from './labels/classifier.js';
export { rowsOf, TensorModel } from './tensor-model.js';
export type { SourceOptions } from './source/source-options.js';
