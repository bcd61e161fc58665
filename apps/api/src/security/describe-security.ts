import type { OpenAPIObject } from '@nestjs/swagger';
import { problemResponse } from '../problem/api-problems.decorator.js';
import type { RouteTable } from '../routes/route-table.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key or a token, if the server requires one',
  },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key in a header of its own' },
} as const;

/**
 * Documents which operations require a key. In an open server the key is optional, so that one generated client fits
 * both.
 *
 * @param document is modified
 */
export function describeSecurity(document: OpenAPIObject, routes: RouteTable, isSecured: boolean): void {
  document.components = { ...document.components, securitySchemes: SCHEMES };
  const key: NonNullable<Operation['security']> = [{ bearer: [] }, { apiKey: [] }];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>)) {
      if (routes.match(method.toUpperCase(), path).scope === 'open') continue;
      operation.security = isSecured ? key : [{}, ...key];
      for (const status of [401, 403, 429] as const) {
        operation.responses[status] = { description: '', ...problemResponse(status) };
      }
    }
  }
}
