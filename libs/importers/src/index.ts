export { type ForestDump, readForestDump } from './forest-dump.js';
export { type ImportedModel, importModel, type ImportOptions } from './import-model.js';
export { type DumpFormat, dumpFormat } from './dump-format.js';
export { type ImportedSklearn, importSklearn, type SklearnImportOptions } from './import-sklearn.js';
export { type ImportedTrees, importTrees, type TreesImportOptions } from './import-trees.js';
export { type ImportedOnnx, importOnnx, type OnnxImportOptions } from './import-onnx.js';
export type { ImportTarget } from './imported-champion.js';
export { readTrainingRows } from './read-training-rows.js';
export { defaultModelText } from './default-model-text.js';
