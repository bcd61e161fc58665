import type { OpenAPIObject } from '@nestjs/swagger';
import type { RawSchema } from '#schema';
import { exampleOf } from '../../prediction/example-of.js';
import { elementCount } from '../tensors/shape.js';
import type { TensorSpec } from '../tensors/tensor.js';

/** A model as its documentation shows it. */
export interface DocumentedModel {
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  /** Raw columns, whose examples the model can answer; empty if it accepts tensors. */
  readonly columns: RawSchema;
}

/** A tensor of one row that the model can answer: the column's example, or zeros. */
export function exampleTensor({ name, datatype, shape }: TensorSpec, columns: RawSchema): NamedExample {
  const sizes = shape.map((size) => (size === -1 ? 1 : size));
  const column = columns.find((one) => one.name === name);
  const other = datatype === 'BYTES' ? 'text' : datatype === 'BOOL' ? false : 0;
  const value = column ? exampleOf(column) : other;
  // A category of numbers is sent as texts.
  const element = datatype === 'BYTES' ? String(value) : value;
  return { name, datatype, shape: sizes, data: new Array<unknown>(elementCount(sizes)).fill(element) };
}

interface NamedExample {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** Documents the request of `infer`, with an example that a serving model can answer, and that model's name. */
export function describeInference(document: OpenAPIObject, model: DocumentedModel | undefined): void {
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    if (!path.startsWith('/v2/models/{model}')) continue;
    for (const operation of [get, post]) {
      // Nest numbers the operation ids of a route with several paths; client generators use these ids as names.
      if (operation)
        operation.operationId = operation.operationId?.replace('[0]', '').replace(/Model(.*)\[1\]/, 'Version$1');
      for (const parameter of operation?.parameters ?? []) {
        if (!('name' in parameter) || !model) continue;
        parameter.example = parameter.name === 'model' ? model.name : model.version;
      }
    }
    if (!post) continue;
    const example = model && { id: '1', inputs: model.inputs.map((spec) => exampleTensor(spec, model.columns)) };
    post.requestBody = {
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/InferenceRequest' }, example } },
    };
  }
}

const parameters = {
  type: 'object' as const,
  additionalProperties: { oneOf: ['string', 'number', 'boolean'].map((type) => ({ type })) },
};

/** Schemas of the request; binary data may follow the JSON. */
export const INFERENCE_COMPONENTS: NonNullable<NonNullable<OpenAPIObject['components']>['schemas']> = {
  InferenceRequest: {
    type: 'object',
    required: ['inputs'],
    properties: {
      id: { type: 'string', description: 'Returned unchanged in the answer' },
      parameters: {
        ...parameters,
        description:
          '`binary_data_output`: all outputs in binary form; `external_id`: id of the only row; `routing_key`: key that keeps a caller on one version during a rollout',
      },
      inputs: {
        type: 'array',
        description:
          'One tensor per column; the optional `external_id` BYTES [n] holds ids by which labels can be sent later',
        items: {
          type: 'object',
          required: ['name', 'datatype', 'shape'],
          properties: {
            name: { type: 'string' },
            datatype: { type: 'string' },
            shape: { type: 'array', items: { type: 'integer', minimum: 0 } },
            parameters: {
              ...parameters,
              description: '`binary_data_size`: number of bytes after the JSON that hold the data',
            },
            data: { type: 'array', items: {}, description: 'Row-major, flat or nested; absent where it is binary' },
          },
        },
      },
      outputs: {
        type: 'array',
        description: 'Outputs to return, in this order; default: all',
        items: {
          type: 'object',
          required: ['name'],
          properties: {
            name: { type: 'string' },
            parameters: { ...parameters, description: '`binary_data`: this output in binary form' },
          },
        },
      },
    },
  },
};
