import type { OpenAPIObject } from '@nestjs/swagger';
import { problemResponse } from '../problem/api-problems.decorator.js';
import type { RouteTable } from '../routes/route-table.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** What any path may answer. */
const ANYWHERE = [400, 408, 431, 500] as const;
const PROBLEM = 'application/problem+json';

/**
 * Documents the errors of protocols that word them in their own way: those of every route, and the bodies of those that
 * a decorator or the security names.
 *
 * @param document is altered
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
        // What is too long or too slow is refused before its path is known; a slow body, after.
        if (status === '408') response.content = { ...response.content, ...own };
        else if (status !== '431') response.content = own;
      }
    }
  }
}
