import type { RawSchema } from '#schema';
import type { FittedStep, StepSpec } from './steps/index.js';

/** What to compute, before anything is learnt from data. */
export interface PipelineRecipe {
  readonly inputs: RawSchema;
  readonly steps: readonly StepSpec[];
  /** Names of the features in the order in which the model takes them. */
  readonly outputs: readonly string[];
  /** Texts that stand for no value in CSV, in training and in serving; not there: `MISSING_TOKENS` of libs/schema. */
  readonly missing?: readonly string[];
  /** Columns of the table that the model does not use: rows may have them, and they are ignored. */
  readonly unused?: readonly string[];
}

/** A fitted pipeline: the whole of a bundle's `pipeline.json`. Shared with the outside as frozen plain data. */
export interface FittedPipeline extends PipelineRecipe {
  readonly format_version: 1;
  readonly steps: readonly FittedStep[];
}
