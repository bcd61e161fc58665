import type { INestApplicationContext, Type } from '@nestjs/common';
import {
  GUARDS_METADATA,
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
} from '@nestjs/common/internal';
import { ApplicationConfig } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { ProblemFilter } from './problem.filter.js';
import { chained, type Middleware, type RouteHandler } from './chained.js';
import type { ApiRequest, ApiResponse } from './http.types.js';
import { sendBody } from './send-body.js';

/** Key prefix of query parameters. */
const OF_QUERY = `${RouteParamtypes.QUERY}:`;

/** Key of the request parameter. */
const OF_REQUEST = `${RouteParamtypes.REQUEST}:`;

/** Metadata that parameter decorators write to their method. */
type RouteArguments = Record<string, { readonly index: number }>;

/**
 * Binds a controller's method of the form `method(@Req() request): object | Promise<object>` once, at boot: Nest
 * resolves its guards, pipes and interceptors again for every request, which costs more than a prediction does. Query
 * parameters may follow the request and are omitted: Nest answers requests with a query. Method, status and filter are
 * those that Nest would use.
 *
 * @param middleware runs before it
 * @returns `undefined` if the method has another form or a guard or interceptor applies: then Nest calls it
 */
export function directRoute<T extends object>(
  app: INestApplicationContext,
  controller: Type<T>,
  name: keyof T & string,
  middleware: readonly Middleware[],
): RouteHandler | undefined {
  const method = (controller.prototype as Record<string, object>)[name];
  const given = Object.entries((Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as RouteArguments);
  const args = given.filter(([key]) => !key.startsWith(OF_QUERY));
  const config = app.get(ApplicationConfig);
  const isGuarded = [...config.getGlobalGuards(), ...config.getGlobalInterceptors(), ...config.getGlobalPipes()].length;
  const isDecorated = [GUARDS_METADATA, INTERCEPTORS_METADATA].some(
    (key) => Reflect.hasMetadata(key, controller) || Reflect.hasMetadata(key, method),
  );
  const isOfRequest = args.length === 1 && args[0][0].startsWith(OF_REQUEST) && args[0][1].index === 0;
  if (isGuarded || isDecorated || !isOfRequest) return undefined;

  const status = (Reflect.getMetadata(HTTP_CODE_METADATA, method) ?? 201) as number;
  const target = app.get<Record<string, (request: ApiRequest) => object>>(controller, { strict: false });
  const filter = app.get(ProblemFilter);
  const fail = (error: unknown, request: ApiRequest, response: ApiResponse): void =>
    filter.catch(error, new ExecutionContextHost([request, response]));
  const answer: RouteHandler = (request, response) => {
    const body = target[name](request);
    if (!(body instanceof Promise)) return sendBody(response, status, body);
    body.then(
      (arrived: object) => sendBody(response, status, arrived),
      (error: unknown) => fail(error, request, response),
    );
  };
  return chained(middleware, answer, fail);
}
