export { FeaturePipeline } from './feature-pipeline.js';
export { CHUNK_ROWS, type FeatureBlock, type FeatureFault, FeatureTransform, rowMajor } from './feature-transform.js';
export { PipelineError } from './pipeline.error.js';
export type { FittedPipeline, PipelineRecipe } from './pipeline.js';
