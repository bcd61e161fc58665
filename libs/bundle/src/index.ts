export {
  categoryCells,
  type CategoryCells,
  type ColumnCells,
  MAX_BINS,
  numberCells,
  type NumberCells,
} from './baseline/cells.js';
export {
  baselineOf,
  baselineOfColumns,
  countedBaseline,
  uncountedBaseline,
  HISTOGRAM_BINS,
  MAX_VALUES,
  QUANTILE_SHARES,
} from './baseline/describe-columns.js';
export {
  type ClassScoreBin,
  classScoreTable,
  type ErrorBin,
  errorTable,
  type ScoreTable,
} from './baseline/score-table.js';
export { parseDocument } from './bundle-schemas.js';
export { readPrivateKey, readPublicKey, SIGNATURE, signBundle } from './bundle-signature.js';
export { BundleError } from './bundle.error.js';
export {
  type Aliases,
  type Baseline,
  type Bundle,
  type ClassLabel,
  type FileDigest,
  type Golden,
  type GoldenRow,
  type GoldenSource,
  type LabelSource,
  type Manifest,
  MODEL_CARD,
  type TensorBundle,
  type Task,
  taskOf,
  type TensorManifest,
  TEXT_BYTES,
} from './bundle.js';
export { fileStamp, FolderWatch } from './folder-watch.js';
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
export { listVersions, versionStamp } from './list-versions.js';
export {
  listModelNames,
  locateChampion,
  type ModelsFolder,
  nextVersion,
  readAliases,
  readModelsFolder,
} from './locate-bundle.js';
export { selfContained } from './self-contained.js';
export { digestOf, parseManifest, readAnyBundle, readBundle, readManifest } from './read-bundle.js';
export { checkColumns, checkRecipe, readRecipe } from './read-recipe.js';
export { removeVersion } from './remove-version.js';
export { type ActiveState, isActive, type Rollout } from './rollout.js';
export { readRollout, writeRollout } from './rollout-file.js';
export {
  type NewBundle,
  type NewTensorBundle,
  packBundle,
  packTensorBundle,
  writeAliases,
  writeBundle,
  writePacked,
  writeTensorBundle,
} from './write-bundle.js';
export { placeVersion, replaceVersion } from './write-version.js';
