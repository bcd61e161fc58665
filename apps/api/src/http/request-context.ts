import { randomBytes, randomUUID } from 'node:crypto';
import type { NextFunction } from 'express';
import type { AccessLog } from '../logging/access-log.js';
import type { ApiRequest, ApiResponse } from './http.types.js';

/** What callers may send as an id: it is echoed and logged, so it is short and needs no escapes in JSON. */
const REQUEST_ID = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;

/** W3C Trace Context, version 00: trace id, parent id, flags. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Gives each request its id, continues its trace, and logs one line when its answer is out. */
export function requestContext(access: AccessLog) {
  return (request: ApiRequest, response: ApiResponse, next: NextFunction): void => {
    const started = performance.now();
    const { method, url, headers } = request;
    const offered = headers['x-request-id'];
    const id = typeof offered === 'string' && REQUEST_ID.test(offered) ? offered : randomUUID();
    request.id = id;
    response.setHeader('X-Request-Id', id);

    const trace = headers.traceparent === undefined ? null : TRACEPARENT.exec(headers.traceparent as string);
    if (trace) response.setHeader('traceparent', `00-${trace[1]}-${randomBytes(8).toString('hex')}-${trace[2]}`);

    response.on('close', () => {
      const query = url.indexOf('?');
      access.write({
        requestId: id,
        traceId: trace?.[1],
        method,
        path: query === -1 ? url : url.slice(0, query),
        status: response.statusCode,
        milliseconds: performance.now() - started,
        aborted: !response.writableFinished,
      });
    });
    next();
  };
}
