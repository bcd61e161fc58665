import { applyDecorators } from '@nestjs/common';
import { ApiResponse, type ApiResponseNoStatusOptions } from '@nestjs/swagger';
import { Problem } from './problem.js';
import { PROBLEM_TYPES, type ProblemType } from './problem-types.js';
import { PROBLEM_EXAMPLES } from './problem-examples.js';

type ProblemStatus = (typeof PROBLEM_TYPES)[keyof typeof PROBLEM_TYPES]['status'];

/** Statuses of any route: the request could not be read, or the server failed. */
const EVERYWHERE = [400, 408, 431, 500] as const;

const typesOf = (status: ProblemStatus): ProblemType[] =>
  (Object.keys(PROBLEM_TYPES) as ProblemType[]).filter((type) => PROBLEM_TYPES[type].status === status);

const examplesOf = (status: ProblemStatus): Record<string, { value: object }> =>
  Object.fromEntries(
    typesOf(status).map((type) => {
      const { detail, ...extension } = PROBLEM_EXAMPLES[type];
      return [type, { value: new Problem(type, detail, extension).toDocument() }];
    }),
  );

/** The answer with a problem of this status, as OpenAPI describes it. */
export function problemResponse(status: ProblemStatus): ApiResponseNoStatusOptions {
  return {
    description: typesOf(status)
      .map((type) => PROBLEM_TYPES[type].title)
      .join('; or '),
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples: examplesOf(status) },
    },
    ...((status === 429 || status === 503) && {
      headers: {
        'Retry-After': { description: 'Seconds to wait before trying again', schema: { type: 'integer' } },
      },
    }),
  };
}

/** Documents the problem answers of a route; their titles come from the table of problem types. */
export function ApiProblems(...statuses: readonly ProblemStatus[]): MethodDecorator {
  return applyDecorators(
    ...[...EVERYWHERE, ...statuses].map((status) => ApiResponse({ status, ...problemResponse(status) })),
  );
}
