import type { NextFunction } from 'express';
import type { RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiRequest, ApiResponse } from '../../http/http.types.js';
import { clientNetwork } from './client-network.js';
import { countRequests, inSeconds } from './count-requests.js';
import type { RateLimitOptions } from './rate-limit.options.js';

/**
 * Limits the requests of every caller per window: by key, or without keys by network. Probes and documentation are not
 * counted. The headers are those of draft-ietf-httpapi-ratelimit-headers-10.
 */
export function limitRate(options: RateLimitOptions) {
  const count = countRequests(options);
  const policy = `"default";q=${options.requests};w=${options.seconds}`;

  const setHeaders = (response: ApiResponse, { remainingPoints, msBeforeNext }: RateLimiterRes): void => {
    response.contextHeaders = [
      ...response.contextHeaders,
      'RateLimit-Policy',
      policy,
      'RateLimit',
      `"default";r=${remainingPoints};t=${inSeconds(msBeforeNext)}`,
    ];
  };

  return async (request: ApiRequest, response: ApiResponse, next: NextFunction): Promise<void> => {
    if (request.facts.scope === 'open') return next();
    const counted = await count(request.caller ?? clientNetwork(request.ip ?? ''));
    if (counted) setHeaders(response, counted.standing);
    next(counted?.refusal);
  };
}

/** Counts CORS preflight requests by network: they carry no key, and are answered before keys are checked. */
export function limitPreflights(options: RateLimitOptions) {
  const count = countRequests(options);
  return async (request: ApiRequest, _response: ApiResponse, next: NextFunction): Promise<void> => {
    if (request.method !== 'OPTIONS') return next();
    const counted = await count(clientNetwork(request.ip ?? ''));
    next(counted?.refusal);
  };
}
