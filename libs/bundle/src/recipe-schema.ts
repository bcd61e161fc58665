import { learntKeys, type RecipeStep } from '#features';

interface StepSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly kind: { readonly const?: string; readonly enum?: readonly string[] };
  };
}

interface PipelineSchema {
  readonly required: readonly string[];
  readonly definitions: Readonly<Record<string, unknown>> & {
    readonly step: { readonly oneOf: readonly StepSchema[] };
  };
}

/** The schema of a step before fitting: without learnt keys, and with `columns` allowed where it names no output. */
function unfittedStep(schema: StepSchema): object {
  const { kind } = schema.properties;
  const learnt = learntKeys((kind.const ?? kind.enum![0]) as RecipeStep['kind']);
  const required = schema.required.filter((key) => !learnt.includes(key));
  if (!required.includes('column') || required.includes('output')) return { ...schema, required };
  return {
    ...schema,
    required: required.filter((key) => key !== 'column'),
    anyOf: [{ required: ['column'] }, { required: ['columns'] }],
    properties: { ...schema.properties, columns: { $ref: '#/definitions/columns' } },
  };
}

/** The JSON Schema of recipes, derived from that of fitted pipelines. */
export function recipeSchemaOf(pipeline: PipelineSchema): object {
  const { definitions, required } = pipeline;
  const { step } = definitions;
  return {
    ...pipeline,
    title: 'A recipe of features',
    required: required.filter((key) => key !== 'format_version'),
    definitions: { ...definitions, step: { ...step, oneOf: step.oneOf.map(unfittedStep) } },
  };
}
