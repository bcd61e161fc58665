import { Logger } from '@nestjs/common';
import type { NextFunction } from 'express';
import { RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiRequest, ApiResponse } from '../../http/http.types.js';
import { Problem } from '../../problem/problem.js';
import { requiredScope } from '../required-scope.js';
import { clientNetwork } from './client-network.js';
import { limiterOf } from './create-limiter.js';
import type { RateLimitOptions } from './rate-limit.options.js';

const inSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1_000);

/**
 * Gives every caller so many requests in a window: by key, or without keys by network. Probes and documentation are
 * free. The headers are those of draft-ietf-httpapi-ratelimit-headers-10.
 */
export function limitRate(options: RateLimitOptions) {
  const limiter = limiterOf(options);
  const logger = new Logger('RateLimit');
  const policy = `"default";q=${options.requests};w=${options.seconds}`;

  const tell = (response: ApiResponse, { remainingPoints, msBeforeNext }: RateLimiterRes): void => {
    response.contextHeaders = [
      ...response.contextHeaders,
      'RateLimit-Policy',
      policy,
      'RateLimit',
      `"default";r=${remainingPoints};t=${inSeconds(msBeforeNext)}`,
    ];
  };

  return async (request: ApiRequest, response: ApiResponse, next: NextFunction): Promise<void> => {
    if (requiredScope(request.method, request.path) === undefined) return next();
    try {
      tell(response, await limiter.consume(request.caller ?? clientNetwork(request.ip ?? '')));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) {
        // Serving matters more than counting.
        logger.error(refusal);
        return next();
      }
      tell(response, refusal);
      return next(tooMany(options, inSeconds(refusal.msBeforeNext)));
    }
    next();
  };
}

export function tooMany({ requests, seconds }: RateLimitOptions, wait: number): Problem {
  const detail = `${requests} requests in ${seconds} seconds are allowed; send the next one in ${wait} seconds.`;
  return new Problem('too-many-requests', detail, {}, { 'Retry-After': String(wait) });
}
