import type { NextFunction } from 'express';
import { Problem } from '../problem/problem.js';
import type { ApiRequest, ApiResponse } from './http.types.js';

/**
 * Refuses HTTP/1.1 without Host, and any request with several (RFC 9112, section 3.2). For a missing Host, Node's own
 * refusal has no body; of several, Node uses the first, and a proxy perhaps another.
 */
export function requireHost(request: ApiRequest, _response: ApiResponse, next: NextFunction): void {
  const { headers, httpVersion, rawHeaders } = request;
  if (headers.host === undefined) {
    if (httpVersion !== '1.1') return next();
    return next(new Problem('bad-request', 'Send the header field Host, as HTTP/1.1 requires.'));
  }
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i].length === 4 && rawHeaders[i].toLowerCase() === 'host') hosts++;
  }
  next(hosts > 1 ? new Problem('bad-request', 'Send one header field Host, not several.') : undefined);
}
