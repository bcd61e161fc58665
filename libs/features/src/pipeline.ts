import type { RawSchema } from '#schema';
import type { FittedStep, StepSpec } from './steps/index.js';

/** What a model may take its features as. */
export type FeatureDtype = 'float32' | 'float64';

/**
 * Several steps that differ in their column alone, written as one: `columns` instead of `column`. What they write has the
 * names that it has if none is set.
 */
type StepOfColumns<Spec> = Spec extends { column: string }
  ? Omit<Spec, 'column' | 'output'> & { readonly columns: readonly string[] }
  : never;

/** A step as a recipe states it. */
export type RecipeStep = StepSpec | StepOfColumns<StepSpec>;

/** What to compute, before anything is learnt from data. */
export interface PipelineRecipe<Step = RecipeStep> {
  readonly inputs: RawSchema;
  readonly steps: readonly Step[];
  /**
   * Names of the features in the order in which the model takes them. A column of which a step has made several stands for
   * all of these.
   */
  readonly outputs: readonly string[];
  /** Texts that stand for no value in CSV, in training and in serving; not there: `MISSING_TOKENS` of libs/schema. */
  readonly missing?: readonly string[];
  /** Columns of the table that the model does not use: rows may have them, and they are ignored. */
  readonly unused?: readonly string[];
  /** What the model takes features as; `float32` if not set. */
  readonly feature_dtype?: FeatureDtype;
  /** Whether the model takes features without a value; if not, steps must fill each. */
  readonly accepts_missing?: boolean;
}

/** A fitted pipeline: the whole of a bundle's `pipeline.json`. Shared with the outside as frozen plain data. */
export interface FittedPipeline extends PipelineRecipe<FittedStep> {
  /** 1 where only columns, steps and keys occur that were there at first: see {@link formatVersion}. */
  readonly format_version: 1 | 2;
}
