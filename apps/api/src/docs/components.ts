import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_TYPES } from '../problem/problem-types.js';

const health = { type: 'object', additionalProperties: { type: 'object', additionalProperties: true } } as const;

/** Schemas without a DTO class. */
export const COMPONENTS: NonNullable<NonNullable<OpenAPIObject['components']>['schemas']> = {
  Problem: {
    description: 'RFC 9457 problem details; docs/problems.md lists the types',
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { type: 'string', enum: Object.keys(PROBLEM_TYPES).map((type) => `urn:skewless:problem:${type}`) },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What is wrong with this request, and how to fix it' },
      instance: { type: 'string', description: 'Path of the request' },
      request_id: { type: 'string', description: 'The X-Request-Id of the answer' },
      errors: {
        description: 'Faults of the input, at most the first 100',
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'expected', 'received'],
          properties: {
            path: { type: 'string', example: 'instances[3].feature_4' },
            expected: { type: 'string', example: 'a finite number from 0 to 100' },
            received: { description: 'The received value; objects and arrays are only described', example: 150 },
          },
        },
      },
      errors_total: { type: 'integer', description: 'Total number of faults, if not all are listed' },
    },
  },
  AnyPredictRequest: {
    description: 'A value per raw column of the model; GET /models/{model} lists them in signature.inputs',
    type: 'object',
    additionalProperties: true,
  },
  AnyBatchPredictRequest: {
    type: 'object',
    required: ['instances'],
    additionalProperties: false,
    properties: {
      instances: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/AnyPredictRequest' } },
    },
  },
  ColumnBatchRequest: {
    description: 'A batch by columns: one array of values per raw column of the model, all of equal length',
    type: 'object',
    required: ['columns'],
    additionalProperties: false,
    properties: { columns: { type: 'object', additionalProperties: { type: 'array', items: {} } } },
  },
  ColumnBatchPredictResponse: {
    description: 'The answer to a batch by columns; values that all rows share appear once',
    type: 'object',
    required: ['columns', 'count', 'model_version', 'timestamp'],
    properties: {
      columns: {
        type: 'object',
        required: ['prediction'],
        properties: {
          prediction: { type: 'array', items: { oneOf: [{ type: 'number' }, { type: 'string' }] } },
          probability: { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 } },
        },
        additionalProperties: { type: 'array', items: {} },
      },
      count: { type: 'integer', minimum: 1, example: 1 },
      model_version: { type: 'string', example: 'random_forest:1' },
      timestamp: { type: 'string', format: 'date-time' },
    },
  },
  HealthCheckResult: {
    type: 'object',
    required: ['status', 'details'],
    properties: {
      status: { type: 'string', enum: ['ok', 'degraded', 'error', 'shutting_down'] },
      info: health,
      error: health,
      details: health,
    },
  },
};
