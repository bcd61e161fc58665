import type { PipelineRecipe } from './pipeline.js';
import type { FittedStep } from './steps/index.js';

/** The steps of format version 1 and their keys, besides `kind`. */
const FIRST_STEPS: Readonly<Record<string, readonly string[]>> = {
  square: ['column', 'output'],
  product: ['left', 'right', 'output'],
  ratio: ['numerator', 'denominator', 'offset', 'output'],
  log1p: ['column', 'output'],
  bins: ['column', 'edges', 'outputs'],
  impute: ['column', 'value'],
  standardize: ['columns', 'mean', 'scale'],
};
const FIRST_INPUT_KEYS = ['name', 'type', 'minimum', 'maximum', 'nullable', 'description', 'example'];
const FIRST_TYPES = ['float', 'integer'];
const FIRST_KEYS = ['format_version', 'inputs', 'steps', 'outputs', 'missing', 'unused'];

const hasOnly = (object: object, keys: readonly string[]): boolean =>
  Object.entries(object).every(([key, value]) => value === undefined || keys.includes(key));

/** The format version of a fitted pipeline: 1, that of the first bundles, where older readers understand all of it. */
export function formatVersion(pipeline: PipelineRecipe<FittedStep>): 1 | 2 {
  const isFirst =
    hasOnly(pipeline, FIRST_KEYS) &&
    pipeline.inputs.every((input) => FIRST_TYPES.includes(input.type) && hasOnly(input, FIRST_INPUT_KEYS)) &&
    pipeline.steps.every(({ kind, ...step }) => kind in FIRST_STEPS && hasOnly(step, FIRST_STEPS[kind]));
  return isFirst ? 1 : 2;
}
