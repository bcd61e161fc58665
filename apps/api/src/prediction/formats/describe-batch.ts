import type { OpenAPIObject } from '@nestjs/swagger';
import type { RawSchema } from '#schema';
import { exampleOf } from '../example-of.js';

const text = { type: 'string' } as const;
const bytes = { type: 'string', format: 'binary', description: 'An Apache Arrow IPC stream' } as const;

type Operation = OpenAPIObject['paths'][string]['post'];

/**
 * Documents the formats of a batch, with examples that the model can answer.
 *
 * @param schema name of the schema of `{"instances": [...]}`
 */
export function describeBatch(operation: Operation, schema: string, inputs: RawSchema = []): void {
  const answer = operation?.responses['200'];
  if (!operation || !answer || !('content' in answer)) return;
  const names = inputs.map(({ name }) => name);
  const values = inputs.map(exampleOf);
  const instance = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  operation.requestBody = {
    required: true,
    content: {
      'application/json': {
        schema: {
          oneOf: [{ $ref: `#/components/schemas/${schema}` }, { $ref: '#/components/schemas/ColumnBatchRequest' }],
        },
        examples: {
          instances: { value: { instances: [instance] } },
          columns: { value: { columns: Object.fromEntries(names.map((name, i) => [name, [values[i]]])) } },
        },
      },
      'application/x-ndjson': { schema: text, example: `${JSON.stringify(instance)}\n` },
      'text/csv': { schema: text, example: `${names.join(',')}\n${values.map((value) => value ?? '').join(',')}\n` },
      'application/vnd.apache.arrow.stream': { schema: bytes },
    },
  };
  answer.content = {
    'application/json': {
      schema: {
        oneOf: [
          { $ref: '#/components/schemas/BatchPredictResponse' },
          { $ref: '#/components/schemas/ColumnBatchPredictResponse' },
        ],
      },
    },
    'application/x-ndjson': { schema: text },
    'text/csv': { schema: text },
    'application/vnd.apache.arrow.stream': { schema: bytes },
  };
}
