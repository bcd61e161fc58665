import type { NextFunction } from 'express';
import { Problem } from '../problem/problem.js';
import type { ApiRequest, ApiResponse } from './http.types.js';

/** Refuses HTTP/1.1 without Host (RFC 9112, section 3.2): Node's own refusal has no body. */
export function requireHost({ headers, httpVersion }: ApiRequest, _response: ApiResponse, next: NextFunction): void {
  if (headers.host !== undefined || httpVersion !== '1.1') return next();
  next(new Problem('bad-request', 'Name the host that is asked in the header field Host, as HTTP/1.1 requires.'));
}
