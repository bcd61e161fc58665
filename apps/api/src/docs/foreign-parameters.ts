import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/**
 * Removes parameters that a path does not contain: Nest documents the parameters of all paths of a handler at each
 * path.
 *
 * @param document is modified
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
