export type { Arm, Lease } from './lease.js';
export type { VersionState } from './model-entry.js';
export { type ListedVersion, ModelRegistry } from './model-registry.js';
export {
  type AliasMove,
  historyFile,
  lineOfChampions,
  moveAlias,
  readHistory,
  readHistoryLines,
  refuseDuringRollout,
} from './publish/alias-history.js';
export { howToSign, isSigned, promote } from './publish/promote.js';
export {
  type Published,
  type PublishOptions,
  publishBundle,
  publishTensorBundle,
  type Unnumbered,
} from './publish/publish-bundle.js';
export { type PrunedVersion, pruneVersions } from './publish/prune-versions.js';
export { privateKeyIn, publicKeyOf } from './publish/signing-keys.js';
export { readVersionManifest, readVersions, resolveVersion } from './publish/versions.js';
export { RegistryModule } from './registry.module.js';
export type { RegistryOptions } from './registry.options.js';
export { fetchMlflowModel } from './source/fetch-mlflow-model.js';
export { isMlflowPlace } from './source/mlflow-place.js';
export type { SourceOptions } from './source/source-options.js';
