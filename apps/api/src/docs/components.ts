import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_TYPES } from '../problem/problem-types.js';

const health = { type: 'object', additionalProperties: { type: 'object', additionalProperties: true } } as const;

/** Schemas that no DTO class stands for. */
export const COMPONENTS: NonNullable<NonNullable<OpenAPIObject['components']>['schemas']> = {
  Problem: {
    description: 'RFC 9457 problem details; docs/problems.md lists the types',
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { type: 'string', enum: Object.keys(PROBLEM_TYPES).map((type) => `urn:skewless:problem:${type}`) },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What is wrong with this request, and how to mend it' },
      instance: { type: 'string', description: 'Path of the request' },
      request_id: { type: 'string', description: 'The X-Request-Id of the answer' },
      errors: {
        description: 'Every fault of the input, the first 100 at most',
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'expected', 'received'],
          properties: {
            path: { type: 'string', example: 'instances[3].feature_4' },
            expected: { type: 'string', example: 'a finite number from 0 to 100' },
            received: { description: 'What came; objects and arrays are named, not shown', example: 150 },
          },
        },
      },
      errors_total: { type: 'integer', description: 'How many faults there are, when not all are listed' },
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
