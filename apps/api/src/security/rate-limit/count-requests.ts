import { Logger } from '@nestjs/common';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../../problem/problem.js';
import { limiterOf } from './create-limiter.js';
import type { RateLimitOptions } from './rate-limit.options.js';

/** How a caller stands with one request more. */
export interface Counted {
  readonly standing: RateLimiterRes;
  /** Problem `too-many-requests`, where it was one too many. */
  readonly refusal?: Problem;
}

export const inSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1_000);

/** Counts one request more of a caller; `undefined` where counting failed. */
export type RequestCounter = (caller: string) => Promise<Counted | undefined>;

export function countRequests(options: RateLimitOptions): RequestCounter {
  const limiter = limiterOf(options);
  const logger = new Logger('RateLimit');
  return async (caller) => {
    try {
      return { standing: await limiter.consume(caller) };
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return { standing: refused, refusal: tooMany(options, refused) };
      // Serving matters more than counting.
      logger.error(refused);
      return undefined;
    }
  };
}

function tooMany({ requests, seconds }: RateLimitOptions, { msBeforeNext }: RateLimiterRes): Problem {
  const wait = inSeconds(msBeforeNext);
  const detail = `${requests} requests in ${seconds} seconds are allowed, by rateLimit.requests (RATE_LIMIT_REQUESTS) and rateLimit.seconds (RATE_LIMIT_SECONDS); send the next one in ${wait} seconds.`;
  return new Problem('too-many-requests', detail, {}, { 'Retry-After': String(wait) });
}
