import { Ajv, type ValidateFunction } from 'ajv';
import { UserError } from '#kit';
import { PipelineError } from '../pipeline.error.js';
import type { StepDefinition } from './step.js';

/** A step of a kind that is not this product's: no kind of ours has a point in its name, now or later. */
export interface OwnStepSpec {
  readonly kind: `${string}.${string}`;
}

/** A kind of steps that a team brings: how it behaves, as those of the product do, and what a bundle may hold of it. */
export interface OwnStep<Spec extends OwnStepSpec = OwnStepSpec, Fitted extends Spec = Spec> extends StepDefinition<
  Spec,
  Fitted
> {
  /** Such as `acme.distance`. */
  readonly kind: Spec['kind'];
  /** JSON Schema of each key of a fitted step, `kind` aside. */
  readonly keys: Readonly<Record<string, object>>;
  /** Keys that a step may be without; those that it `learns` may be missing in a recipe anyhow. */
  readonly optional?: readonly string[];
}

interface Registered {
  readonly step: OwnStep;
  readonly definition: StepDefinition<OwnStepSpec>;
}

const KIND = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;
const registered = new Map<string, Registered>();
const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false });

/** @throws PipelineError where a step has not the shape that its kind asks for */
function checker({ kind, keys, optional = [], learns = [] }: OwnStep, isFitted: boolean): (step: OwnStepSpec) => void {
  const required = Object.keys(keys).filter((key) => !optional.includes(key) && (isFitted || !learns.includes(key)));
  const schema = {
    type: 'object',
    additionalProperties: false,
    required,
    properties: { kind: { const: kind }, ...keys },
  };
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(schema);
  } catch (error) {
    throw new UserError(`The keys of the step "${kind}" are no JSON Schema: ${(error as Error).message}.`);
  }
  return (step) => {
    if (validate(step)) return;
    const { instancePath, message, params } = validate.errors![0];
    const where = instancePath.slice(1).replaceAll('/', '.');
    const extra = 'additionalProperty' in params ? ` ("${String(params.additionalProperty)}")` : '';
    throw new PipelineError(`a step "${kind}": ${[where, message].filter(Boolean).join(' ')}${extra}`);
  };
}

/** A definition that sees only steps of its shape, and learns only what a bundle can hold. */
function guarded(step: OwnStep): StepDefinition<OwnStepSpec> {
  const checkSpec = checker(step, false);
  const checkFitted = checker(step, true);
  return {
    ...step,
    reads(spec) {
      checkSpec(spec);
      return step.reads(spec);
    },
    draft: (spec, wanted) => step.draft?.(spec, wanted) ?? spec,
    fit(spec, ...rest) {
      const written = JSON.parse(JSON.stringify(step.fit(spec, ...rest))) as OwnStepSpec;
      checkFitted(written);
      return written;
    },
    bind(fitted, ...rest) {
      checkFitted(fitted);
      return step.bind(fitted, ...rest);
    },
  };
}

/**
 * Makes a kind of steps known to this process, in recipes and in bundles.
 *
 * @throws UserError on a name without a point, one that another step has, and keys that are no JSON Schema
 */
export function registerStep(step: OwnStep): void {
  const { kind } = step;
  if (!KIND.test(kind))
    throw new UserError(
      `A step of your own is called "${kind}"; its name needs a point, as in acme.distance: small letters, digits and _.`,
    );
  const known = registered.get(kind)?.step;
  if (known === step) return;
  if (known) throw new UserError(`Two steps are called "${kind}".`);
  registered.set(kind, { step, definition: guarded(step) });
}

/** @throws PipelineError where no such step was registered */
export function ownDefinition(kind: string): StepDefinition<OwnStepSpec> {
  const own = registered.get(kind);
  if (own) return own.definition;
  throw new PipelineError(
    `the step "${kind}" is no part of Skewless, and nobody has registered it here: name the file that defines it in models.steps (MODELS_STEPS); see docs/features.md, "A step of your own"`,
  );
}

/** Whether a step of such a kind takes several columns at once. */
export const ownTakesColumns = (kind: string): boolean => 'columns' in (registered.get(kind)?.step.keys ?? {});
