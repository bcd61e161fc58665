import { Ajv, type ValidateFunction } from 'ajv';
import { UserError } from '#kit';
import { PipelineError } from '../pipeline.error.js';
import type { StepDefinition } from './step.js';

/** A user-defined step: its kind contains a dot, which no built-in kind ever will. */
export interface OwnStepSpec {
  readonly kind: `${string}.${string}`;
}

/** A user-defined kind of step: its behaviour, as of built-in ones, and the schema of its keys in a bundle. */
export interface OwnStep<Spec extends OwnStepSpec = OwnStepSpec, Fitted extends Spec = Spec> extends StepDefinition<
  Spec,
  Fitted
> {
  /** For example `acme.distance`. */
  readonly kind: Spec['kind'];
  /** JSON Schema of each key of a fitted step, `kind` aside. */
  readonly keys: Readonly<Record<string, object>>;
  /** Optional keys; those that the step `learns` are always optional in a recipe. */
  readonly optional?: readonly string[];
}

interface Registered {
  readonly step: OwnStep;
  readonly definition: StepDefinition<OwnStepSpec>;
}

const KIND = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;
const registered = new Map<string, Registered>();
const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false });

/** @throws PipelineError where a step does not match the schema of its kind */
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
    throw new UserError(`The keys of the step "${kind}" are not a valid JSON Schema: ${(error as Error).message}.`);
  }
  return (step) => {
    if (validate(step)) return;
    const { instancePath, message, params } = validate.errors![0];
    const where = instancePath.slice(1).replaceAll('/', '.');
    const extra = 'additionalProperty' in params ? ` ("${String(params.additionalProperty)}")` : '';
    throw new PipelineError(`a step "${kind}": ${[where, message].filter(Boolean).join(' ')}${extra}`);
  };
}

/** A definition that checks the shape of steps it gets, and that what it learns can be stored in a bundle. */
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
 * Registers a user-defined kind of step in this process, for recipes and bundles.
 *
 * @throws UserError on a name without a dot, a name that is taken, and keys that are no JSON Schema
 */
export function registerStep(step: OwnStep): void {
  const { kind } = step;
  if (!KIND.test(kind))
    throw new UserError(
      `A step of your own is called "${kind}"; its name needs a dot, as in acme.distance, and lower-case letters, digits and _ only.`,
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
    `the step "${kind}" is no part of Skewless, and no file that defines it is loaded: name the file in models.steps (MODELS_STEPS); see docs/features.md, "A step of your own"`,
  );
}

/** Whether such a step takes several columns at once. */
export const ownTakesColumns = (kind: string): boolean => 'columns' in (registered.get(kind)?.step.keys ?? {});
