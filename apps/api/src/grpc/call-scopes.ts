import type { Type } from '@nestjs/common';
import { MetadataScanner } from '@nestjs/core';
import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { requiredScopeOf } from '../routes/read-routes.js';
import type { RequiredScope } from '../routes/scope.js';

/** The {@link callScopes} of this server. */
export const CALL_SCOPES = Symbol('CALL_SCOPES');

/**
 * The required scope of each call, by its path such as `/inference.GRPCInferenceService/ModelInfer`.
 *
 * @throws Error that names a call without a scope
 */
export function callScopes(service: string, controllers: readonly Type[]): ReadonlyMap<string, RequiredScope> {
  const scanner = new MetadataScanner();
  return new Map(
    controllers.flatMap((controller) => {
      const prototype = controller.prototype as Record<string, object>;
      return scanner
        .getAllMethodNames(prototype)
        .filter((name) => Reflect.hasMetadata(PATTERN_METADATA, prototype[name]))
        .map((name) => {
          const path = `/${service}/${name[0].toUpperCase()}${name.slice(1)}`;
          return [path, requiredScopeOf(controller, name, path)] as const;
        });
    }),
  );
}
