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
  /** What the model takes its features as; float32 if not set. */
  readonly feature_dtype?: 'float32' | 'float64';
  /** Whether the model takes NaN for a feature that has no value; false if not set. */
  readonly accepts_missing?: boolean;
}

/** A fitted pipeline: the whole of a bundle's `pipeline.json`. Shared with the outside as frozen plain data. */
export interface FittedPipeline extends PipelineRecipe {
  /** 1 where only what the first format knew occurs. */
  readonly format_version: 1 | 2;
  readonly steps: readonly FittedStep[];
}
