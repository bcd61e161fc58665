import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, type ModulesContainer, Reflector } from '@nestjs/core';
import { BodyFirst, ErrorsAs, ForBrowsers, MarkedAsProbe, Scoped } from './route-decorators.js';
import type { Area, ClosedPath, Route, RouteTable } from './route-table.js';
import type { RequiredScope } from './scope.js';

type Method = (...args: never[]) => unknown;

/** A route in Express, with its methods in lower case. */
export interface MountedRoute {
  readonly path: string;
  readonly methods: Readonly<Record<string, boolean>>;
}

/** Controllers that the settings leave out. */
export interface ClosedRoutes {
  readonly controllers: readonly Type[];
  /** Why, and how to open them: a sentence for whoever asks there. */
  readonly reason: string;
}

const REFLECTOR = new Reflector();
const SCANNER = new MetadataScanner();
const ONE_EACH = 'write one decorator for each that it means';
const HOW = "write @Scoped('predict'), 'feedback', 'read', 'admin' or 'open' at it or at its controller";

/**
 * Reads the declarations of routes from the controllers of an application.
 * @throws Error that names a route without a scope
 */
export function readRoutes(modules: ModulesContainer, table: RouteTable): void {
  for (const controller of controllersOf(modules)) table.add(routesOf(controller), areasOf(controller));
}

/** The paths of controllers that the settings leave out. */
export const closedPaths = (closed: readonly ClosedRoutes[]): ClosedPath[] =>
  closed.flatMap(({ controllers, reason }) =>
    controllers.flatMap(routesOf).map(({ path, errors }) => ({ path, errors, reason })),
  );

/**
 * The paths whose body is read before Nest routes the request. Computed before the table is filled, because Express
 * needs them first.
 */
export const bodyFirstPaths = (modules: ModulesContainer): string[] =>
  controllersOf(modules)
    .flatMap(routesOf)
    .filter(({ isBodyFirst }) => isBodyFirst)
    .map(({ path }) => path);

/**
 * The scope that a handler, or else its controller, requires.
 * @param place of the route, for the error
 * @throws Error if neither declares one
 */
export function requiredScopeOf(controller: Type, name: string, place: string): RequiredScope {
  const handler = (controller.prototype as Record<string, Method>)[name];
  const scope = REFLECTOR.getAllAndOverride(Scoped, [handler, controller]);
  if (scope === undefined) throw new Error(`${controller.name}.${name} (${place}) has no scope: ${HOW}`);
  return scope;
}

/** @throws Error if a mounted route is missing from the table, so that its properties would be unknown */
export function checkMounted(mounted: readonly MountedRoute[], table: RouteTable): void {
  for (const { path, methods } of mounted) {
    for (const method of Object.keys(methods).map((name) => name.toUpperCase())) {
      const facts = table.match(method, path);
      if (facts.path !== undefined && facts.allowed.length === 0) continue;
      throw new Error(`${method} ${path} is mounted without a scope: let its module add it to the RouteTable`);
    }
  }
}

const controllersOf = (modules: ModulesContainer): Type[] =>
  [...modules.values()].flatMap(({ controllers }) => [...controllers.values()].map(({ metatype }) => metatype as Type));

function routesOf(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, Method>;
  return SCANNER.getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    const own = pathsOf(handler);
    if (own.length === 0) return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
    const paths = pathsOf(controller).flatMap((prefix) => own.map((path) => joined(prefix, path)));
    if (method === 'ALL') {
      throw new Error(`${controller.name}.${name} (ALL ${paths[0]}) answers every method: ${ONE_EACH}`);
    }
    const targets = [handler, controller];
    const scope = requiredScopeOf(controller, name, `${method} ${paths[0]}`);
    const errors = REFLECTOR.getAllAndOverride(ErrorsAs, targets);
    const isProbe = REFLECTOR.getAllAndOverride(MarkedAsProbe, targets);
    const isForBrowsers = REFLECTOR.getAllAndOverride(ForBrowsers, targets);
    const isBodyFirst = REFLECTOR.get(BodyFirst, handler);
    const facts = { method, scope, errors, isProbe: isProbe === true, isForBrowsers, isBodyFirst };
    return paths.map((path) => ({ ...facts, path }));
  });
}

/** A controller's declarations also apply below its path, except for a controller at the root. */
function areasOf(controller: Type): Area[] {
  const scope = REFLECTOR.get(Scoped, controller);
  const errors = REFLECTOR.get(ErrorsAs, controller);
  return pathsOf(controller)
    .map((prefix) => ({ path: joined(prefix), scope, errors }))
    .filter(({ path }) => path !== '/');
}

function pathsOf(target: object): string[] {
  const path = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined;
  return path === undefined ? [] : [path].flat();
}

/** Joins a controller's path and a handler's, as Nest does. */
const joined = (...parts: string[]): string => `/${parts.flatMap((part) => part.split('/').filter(Boolean)).join('/')}`;
