import { bins, type BinsStep } from './bins.step.js';
import { impute, type ImputeSpec, type ImputeStep } from './impute.step.js';
import { log1p, type Log1pStep } from './log1p.step.js';
import { product, type ProductStep } from './product.step.js';
import { ratio, type RatioStep } from './ratio.step.js';
import { square, type SquareStep } from './square.step.js';
import { standardize, type StandardizeSpec, type StandardizeStep } from './standardize.step.js';
import type { StepDefinition } from './step.js';

type StatelessStep = SquareStep | ProductStep | RatioStep | Log1pStep | BinsStep;

/** A step as a recipe states it, before its numbers are learnt. */
export type StepSpec = StatelessStep | ImputeSpec | StandardizeSpec;

/** A step with its numbers, as a bundle carries it. */
export type FittedStep = StatelessStep | ImputeStep | StandardizeStep;

const definitions = { square, product, ratio, log1p, bins, impute, standardize };

/** The one dispatch from a step's `kind` to its behaviour. */
export function definitionOf(kind: StepSpec['kind']): StepDefinition<StepSpec, FittedStep> {
  return definitions[kind];
}
