import type { OpenAPIObject } from '@nestjs/swagger';
import type { RawSchema } from '#schema';
import { exampleOf } from '../prediction/example-of.js';
import { type DocumentedModel, exampleTensor } from '../inference-protocol/rest/describe-inference.js';

/** An example of each format for a model with columns. */
function exampleRows(columns: RawSchema): Record<string, unknown> {
  const values = columns.map(exampleOf);
  const record = Object.fromEntries(columns.map(({ name }, i) => [name, values[i]]));
  return {
    dataframe_split: { columns: columns.map(({ name }) => name), data: [values] },
    dataframe_records: [record],
    instances: [record],
    inputs: Object.fromEntries(columns.map(({ name }, i) => [name, [values[i]]])),
  };
}

/** Nests flat elements by a shape. */
function nested(data: readonly unknown[], [size = 1, ...rest]: readonly number[]): readonly unknown[] {
  if (rest.length === 0) return data;
  const step = data.length / size;
  return Array.from({ length: size }, (_, i) => nested(data.slice(i * step, (i + 1) * step), rest));
}

function exampleTensors({ inputs, columns }: DocumentedModel): Record<string, unknown> {
  const examples = inputs.map((spec) => exampleTensor(spec, columns));
  return { inputs: Object.fromEntries(examples.map(({ name, data, shape }) => [name, nested(data, shape)])) };
}

/** Documents the request of `/invocations`, with examples that the default model can answer. */
export function describeInvocation(document: OpenAPIObject, model: DocumentedModel | undefined): void {
  const operation = document.paths['/invocations']?.post;
  if (!operation) return;
  const columns = model?.columns ?? [];
  const takesTensors = model !== undefined && columns.length === 0;
  const formats = takesTensors ? exampleTensors(model) : exampleRows(columns);
  const examples = Object.entries(formats).map(([format, value]) => [format, { value: { [format]: value } }]);
  const csv = [columns.map(({ name }) => name), columns.map((column) => exampleOf(column) ?? '')];
  operation.requestBody = {
    required: true,
    content: {
      'application/json': {
        schema: { type: 'object', description: 'Exactly one of the input fields', additionalProperties: true },
        examples: Object.fromEntries(examples) as Record<string, { value: object }>,
      },
      ...(!takesTensors && {
        'text/csv': { schema: { type: 'string' }, example: csv.map((row) => `${row.join(',')}\n`).join('') },
      }),
    },
  };
}
