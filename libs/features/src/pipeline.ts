import type { RawSchema } from '#schema';
import type { FittedStep, StepSpec } from './steps/index.js';

/** The datatype of a model's features. */
export type FeatureDtype = 'float32' | 'float64';

/**
 * A shorthand for steps that differ only in their column: `columns` instead of `column`. Their outputs get the default
 * names.
 */
type StepOfColumns<Spec> = Spec extends { column: string }
  ? Omit<Spec, 'column' | 'output'> & { readonly columns: readonly string[] }
  : never;

/** A step as written in a recipe. */
export type RecipeStep = StepSpec | StepOfColumns<StepSpec>;

/** The steps and columns of a pipeline, before anything is learnt from data. */
export interface PipelineRecipe<Step = RecipeStep> {
  readonly inputs: RawSchema;
  readonly steps: readonly Step[];
  /**
   * Names of the features in the model's order. The name of a column that a step has split stands for all columns made
   * of it.
   */
  readonly outputs: readonly string[];
  /** Texts that mean a missing value in CSV, in training and in serving; absent: `MISSING_TOKENS` of libs/schema. */
  readonly missing?: readonly string[];
  /** Columns of the table that the model does not use: rows may contain them, and they are ignored. */
  readonly unused?: readonly string[];
  /** `float32` if not set. */
  readonly feature_dtype?: FeatureDtype;
  /** Whether the model accepts missing features; if not, steps must fill them all. */
  readonly accepts_missing?: boolean;
}

/** A fitted pipeline: the whole of a bundle's `pipeline.json`. Shared with the outside as frozen plain data. */
export interface FittedPipeline extends PipelineRecipe<FittedStep> {
  /** 1 where only columns, steps and keys of that version occur: see {@link formatVersion}. */
  readonly format_version: 1 | 2;
}
