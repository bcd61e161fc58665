import { arithmetic, type ArithmeticStep } from './arithmetic.step.js';
import { bins, type BinsStep } from './bins.step.js';
import { clip, type ClipSpec } from './clip.step.js';
import { countEncode, type CountEncodeSpec, type CountEncodeStep } from './count-encode.step.js';
import { cyclical, type CyclicalStep } from './cyclical.step.js';
import { dateParts, type DatePartsStep } from './date-parts.step.js';
import { elapsed, type ElapsedStep } from './elapsed.step.js';
import { type FunctionStep, functionSteps } from './function.steps.js';
import { impute, type ImputeSpec, type ImputeStep } from './impute.step.js';
import { kbins, type KBinsSpec, type KBinsStep } from './kbins.step.js';
import { log1p, type Log1pStep } from './log1p.step.js';
import { lookup, type LookupStep } from './lookup.step.js';
import { minmax, type MinMaxSpec, type MinMaxStep } from './minmax.step.js';
import { missingIndicator, type MissingIndicatorSpec, type MissingIndicatorStep } from './missing-indicator.step.js';
import { oneHot, type OneHotSpec, type OneHotStep } from './one-hot.step.js';
import { ordinal, type OrdinalSpec, type OrdinalStep } from './ordinal.step.js';
import { ownDefinition, type OwnStepSpec, ownTakesColumns } from './own-steps.js';
import { product, type ProductStep } from './product.step.js';
import { ratio, type RatioStep } from './ratio.step.js';
import { robust, type RobustSpec, type RobustStep } from './robust.step.js';
import { square, type SquareStep } from './square.step.js';
import { standardize, type StandardizeSpec, type StandardizeStep } from './standardize.step.js';
import type { StepDefinition } from './step.js';
import { stringNormalize, type StringNormalizeStep } from './string-normalize.step.js';
import { targetEncode, type TargetEncodeSpec, type TargetEncodeStep } from './target-encode.step.js';
import { zeroToMissing, type ZeroToMissingStep } from './zero-to-missing.step.js';

/** Steps that learn nothing, or store what they learn in keys that a recipe may also set. */
type StatelessStep =
  | ArithmeticStep
  | BinsStep
  | ClipSpec
  | CyclicalStep
  | DatePartsStep
  | ElapsedStep
  | FunctionStep
  | Log1pStep
  | LookupStep
  | OwnStepSpec
  | ProductStep
  | RatioStep
  | SquareStep
  | StringNormalizeStep
  | ZeroToMissingStep;

/** A step with its columns resolved, before fitting. */
export type StepSpec =
  | StatelessStep
  | CountEncodeSpec
  | ImputeSpec
  | KBinsSpec
  | MinMaxSpec
  | MissingIndicatorSpec
  | OneHotSpec
  | OrdinalSpec
  | RobustSpec
  | StandardizeSpec
  | TargetEncodeSpec;

/** A fitted step, as stored in a bundle. */
export type FittedStep =
  | StatelessStep
  | CountEncodeStep
  | ImputeStep
  | KBinsStep
  | MinMaxStep
  | MissingIndicatorStep
  | OneHotStep
  | OrdinalStep
  | RobustStep
  | StandardizeStep
  | TargetEncodeStep;

const definitions = {
  square,
  product,
  ratio,
  log1p,
  bins,
  impute,
  standardize,
  minmax,
  robust,
  clip,
  kbins,
  arithmetic,
  ...functionSteps,
  missing_indicator: missingIndicator,
  one_hot: oneHot,
  ordinal,
  target_encode: targetEncode,
  count_encode: countEncode,
  lookup,
  date_parts: dateParts,
  cyclical,
  elapsed,
  string_normalize: stringNormalize,
  zero_to_missing: zeroToMissing,
};

/** The built-in kinds. */
export const STEP_KINDS = Object.keys(definitions) as readonly (keyof typeof definitions)[];

/** The built-in kinds that take several columns in one step. */
const OF_COLUMNS: ReadonlySet<string> = new Set(['standardize', 'minmax', 'robust']);

/** Whether a kind of step is not built in. */
export const isOwn = (kind: StepSpec['kind']): kind is OwnStepSpec['kind'] => !Object.hasOwn(definitions, kind);

/**
 * Maps a step's `kind` to its definition: the only dispatch.
 *
 * @throws PipelineError where the kind is neither built in nor defined by a file of `models.steps`
 */
export function definitionOf(kind: StepSpec['kind']): StepDefinition<StepSpec, FittedStep> {
  return isOwn(kind) ? ownDefinition(kind) : definitions[kind];
}

/** Whether a kind takes `columns` in one step; any other step with `columns` is expanded to one per column. */
export const takesColumns = (kind: StepSpec['kind']): boolean => OF_COLUMNS.has(kind) || ownTakesColumns(kind);

/** The keys of a step that fitting writes. */
export const learntKeys = (kind: StepSpec['kind']): readonly string[] => definitionOf(kind).learns ?? [];
