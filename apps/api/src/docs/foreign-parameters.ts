import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/**
 * Takes away path parameters that a path does not have: Nest documents those of all paths of a handler with each.
 *
 * @param document is altered
 */
export function leaveForeignParameters(document: OpenAPIObject): void {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods as Record<string, Operation>)) {
      operation.parameters = operation.parameters?.filter(
        (parameter) => !('in' in parameter) || parameter.in !== 'path' || path.includes(`{${parameter.name}}`),
      );
    }
  }
}
