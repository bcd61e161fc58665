import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { PROBLEM_TYPES } from '../problem/problem-types.js';

type ProblemStatus = (typeof PROBLEM_TYPES)[keyof typeof PROBLEM_TYPES]['status'];

/** What any route may answer: the request could not be read, or something broke here. */
const EVERYWHERE = [400, 408, 431, 500] as const;

/** Documents the problem answers of a route; their titles come from the table of problem types. */
export function ApiProblems(...statuses: readonly ProblemStatus[]): MethodDecorator {
  return applyDecorators(
    ...[...EVERYWHERE, ...statuses].map((status) =>
      ApiResponse({
        status,
        description: Object.values(PROBLEM_TYPES)
          .filter((type) => type.status === status)
          .map(({ title }) => title)
          .join('; or '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        ...(status === 503 && {
          headers: { 'Retry-After': { description: 'Seconds to wait before trying again', schema: { type: 'integer' } } },
        }),
      }),
    ),
  );
}
