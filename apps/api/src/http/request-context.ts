import type { NextFunction } from 'express';
import type { Arm } from '#registry';
import type { ProblemType } from '../problem/problem-types.js';
import type { RouteTable } from '../routes/route-table.js';
import type { ApiRequest, ApiResponse } from './http.types.js';
import { requestIdOf } from './request-id.js';
import { continued, readTraceparent } from './traceparent.js';

/** What is told of a request once its answer is out. */
export interface Answered {
  /** Free of quotes, backslashes and control characters. */
  readonly requestId: string;
  /** Lower-case hexadecimal, where the caller sent a trace. */
  readonly traceId?: string;
  /** Who asked, where that is proven; free of quotes, backslashes and control characters. */
  readonly caller?: string;
  readonly method: string;
  /** Without the query, which may hold what is nobody's business. */
  readonly path: string;
  /** The pattern of the path's route, such as `/predict`; absent where there is none. */
  readonly route?: string;
  /** Asked by an orchestrator, all the time. */
  readonly isProbe: boolean;
  readonly status: number;
  /** Which side of a rollout answered it, while one is under way. */
  readonly arm?: Arm;
  /** What it was answered with, where that is a problem. */
  readonly problem?: ProblemType;
  readonly milliseconds: number;
  /** The caller went away before the answer was out. */
  readonly aborted: boolean;
}

/** Is told of every request when it is over: to log, count or trace it. It must not throw. */
export type AnswerObserver = (answered: Answered) => void;

/**
 * Gives each request its id and what is true of its route, continues its trace, and tells the observers when its answer is
 * out.
 */
export function requestContext(routes: RouteTable, observers: readonly AnswerObserver[]) {
  return (request: ApiRequest, response: ApiResponse, next: NextFunction): void => {
    const started = performance.now();
    const { method, url, headers } = request;
    const id = requestIdOf(headers['x-request-id']);
    request.id = id;
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    request.facts = routes.match(method, path);
    const trace = readTraceparent(headers.traceparent);
    response.contextHeaders = trace ? ['X-Request-Id', id, 'traceparent', continued(trace)] : ['X-Request-Id', id];

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
      for (const observe of observers) observe(answered);
    });
    next();
  };
}
