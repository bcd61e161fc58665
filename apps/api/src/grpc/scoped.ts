import { SetMetadata, type Type } from '@nestjs/common';
import type { Scope } from '../security/scopes.js';

const SCOPE = 'grpc-scope';

/** The scope that a call takes in a secured server; without one, anybody may call, as often as they like. */
export const Scoped = (scope: Scope): MethodDecorator => SetMetadata(SCOPE, scope);

/** The scope of each call that takes one, by its path such as `/inference.GRPCInferenceService/ModelInfer`. */
export function scopesOf(service: string, controllers: readonly Type[]): ReadonlyMap<string, Scope> {
  const scopes = new Map<string, Scope>();
  for (const { prototype } of controllers) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype as object))) {
      const scope = typeof value === 'function' && (Reflect.getMetadata(SCOPE, value as object) as Scope | undefined);
      if (scope) scopes.set(`/${service}/${name[0].toUpperCase()}${name.slice(1)}`, scope);
    }
  }
  return scopes;
}
