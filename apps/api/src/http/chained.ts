import type { NextFunction } from 'express';
import type { ApiRequest, ApiResponse } from './http.types.js';

export type Middleware = (request: ApiRequest, response: ApiResponse, next: NextFunction) => unknown;
export type RouteHandler = (request: ApiRequest, response: ApiResponse) => void;

/** Runs middleware and then a handler as Express does, without a layer for each. */
export function chained(
  middleware: readonly Middleware[],
  handler: RouteHandler,
  fail: (error: unknown, request: ApiRequest, response: ApiResponse) => void,
): RouteHandler {
  return (request, response) => {
    let index = 0;
    const next = (error?: unknown): void => {
      if (error !== undefined && error !== null) return fail(error, request, response);
      try {
        if (index === middleware.length) return handler(request, response);
        const running = middleware[index++](request, response, next);
        if (running instanceof Promise) running.catch(next);
      } catch (failure) {
        fail(failure, request, response);
      }
    };
    next();
  };
}
