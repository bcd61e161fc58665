import type { OpenAPIObject } from '@nestjs/swagger';
import type { RawSchema } from '#features';

/** Documents what `/invocations` takes, with examples that the model that serves can answer. */
export function describeInvocation(document: OpenAPIObject, inputs: RawSchema = []): void {
  const operation = document.paths['/invocations']?.post;
  if (!operation) return;
  const columns = inputs.map(({ name }) => name);
  const values = inputs.map(({ example }) => example ?? null);
  const record = Object.fromEntries(inputs.map(({ name, example }) => [name, example ?? null]));
  const formats = {
    dataframe_split: { columns, data: [values] },
    dataframe_records: [record],
    instances: [record],
    inputs: Object.fromEntries(inputs.map(({ name, example }) => [name, [example ?? null]])),
  };
  const examples = Object.entries(formats).map(([format, value]) => [format, { value: { [format]: value } }]);
  operation.requestBody = {
    required: true,
    content: {
      'application/json': {
        schema: { type: 'object', description: 'Exactly one of the input fields', additionalProperties: true },
        examples: Object.fromEntries(examples) as Record<string, { value: object }>,
      },
      'text/csv': {
        schema: { type: 'string' },
        example: `${columns.join(',')}\n${values.map((value) => value ?? '').join(',')}\n`,
      },
    },
  };
}
