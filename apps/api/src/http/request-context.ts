import type { NextFunction } from 'express';
import type { Arm } from '#registry';
import type { ProblemType } from '../problem/problem-types.js';
import type { RouteTable } from '../routes/route-table.js';
import type { ApiRequest, ApiResponse } from './http.types.js';
import { requestIdOf } from './request-id.js';
import { continued, readTraceparent, type Traceparent } from './traceparent.js';

/** What observers learn about a request after its answer was sent. */
export interface Answered {
  /** Free of quotes, backslashes and control characters. */
  readonly requestId: string;
  /** Lower-case hexadecimal; present if the caller sent a trace. */
  readonly traceId?: string;
  /** The authenticated caller; free of quotes, backslashes and control characters. */
  readonly caller?: string;
  readonly method: string;
  /** Without the query, which may hold confidential data. */
  readonly path: string;
  /** The pattern of the path's route, such as `/predict`; absent if there is none. */
  readonly route?: string;
  /** Whether it is a probe, which orchestrators send all the time. */
  readonly isProbe: boolean;
  readonly status: number;
  /** Which side of a rollout answered it, while one is in progress. */
  readonly arm?: Arm;
  /** The problem type of the answer, if it is a problem. */
  readonly problem?: ProblemType;
  readonly milliseconds: number;
  /** The caller disconnected before the answer was sent. */
  readonly aborted: boolean;
}

/** Is notified of every request, to log, count or trace it. It must not throw. */
export interface RequestObserver {
  began?(): void;
  /** Its answer has been sent, or its caller has disconnected. */
  ended(answered: Answered): void;
}

/** Header names and values that tell the caller which request was answered. */
export const contextHeaders = (id: string, trace: Traceparent | undefined): string[] =>
  trace ? ['X-Request-Id', id, 'traceparent', continued(trace)] : ['X-Request-Id', id];

/**
 * Assigns each request its id and the properties of its route, continues its trace, and notifies the observers when its
 * answer has been sent.
 */
export function requestContext(routes: RouteTable, observers: readonly RequestObserver[]) {
  return (request: ApiRequest, response: ApiResponse, next: NextFunction): void => {
    const started = performance.now();
    const { method, url, headers } = request;
    const id = requestIdOf(headers['x-request-id']);
    request.id = id;
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    request.facts = routes.match(method, path);
    const trace = readTraceparent(headers.traceparent);
    response.contextHeaders = contextHeaders(id, trace);

    for (const observer of observers) observer.began?.();
    response.on('close', () => {
      const answered: Answered = {
        requestId: id,
        traceId: trace?.traceId,
        caller: request.caller,
        method,
        path,
        route: request.facts.path,
        isProbe: request.facts.isProbe,
        status: response.statusCode,
        arm: request.arm,
        problem: request.problem,
        milliseconds: performance.now() - started,
        aborted: !response.writableFinished,
      };
      for (const observer of observers) observer.ended(answered);
    });
    next();
  };
}
