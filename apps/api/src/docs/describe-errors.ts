import type { OpenAPIObject } from '@nestjs/swagger';
import { problemResponse } from '../problem/api-problems.decorator.js';
import type { RouteTable } from '../routes/route-table.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** Errors that any path may return. */
const ANYWHERE = [400, 408, 431, 500] as const;
const PROBLEM = 'application/problem+json';

/**
 * Documents errors of protocols with their own error format: the errors of every route, and the bodies of those that a
 * decorator or the security declares.
 *
 * @param document is modified
 */
export function describeErrors(document: OpenAPIObject, routes: RouteTable): void {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(methods as Record<string, Operation>)) {
      const { errors } = routes.match(method.toUpperCase(), path);
      if (!errors) continue;
      const own = { 'application/json': { schema: { $ref: `#/components/schemas/${errors.schema}` } } };
      for (const status of ANYWHERE) responses[status] ??= { description: '', ...problemResponse(status) };
      for (const [status, response] of Object.entries(responses)) {
        if (!response || !('content' in response) || !(PROBLEM in response.content!)) continue;
        // Requests that are too large or too slow are refused before their path is known, but slow bodies after.
        if (status === '408') response.content = { ...response.content, ...own };
        else if (status !== '431') response.content = own;
      }
    }
  }
}
