export { FeaturePipeline } from './feature-pipeline.js';
export { CHUNK_ROWS, type FeatureBlock, type FeatureFault, FeatureTransform, rowMajor } from './feature-transform.js';
export { formatVersion } from './format-version.js';
export { knownValues } from './known-values.js';
export { PipelineError } from './pipeline.error.js';
export type { FittedPipeline, PipelineRecipe, RecipeStep } from './pipeline.js';
export { learntKeys, STEP_KINDS } from './steps/index.js';
export type { Target } from './target.js';
export { textNormalizers } from './text-normalizers.js';
