import { Logger } from '@nestjs/common';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../../problem/problem.js';
import { limiterOf } from './create-limiter.js';
import type { RateLimitOptions } from './rate-limit.options.js';

/** The state of a caller's limit after one more request. */
export interface Counted {
  readonly standing: RateLimiterRes;
  /** Problem `too-many-requests`, if the limit is exceeded. */
  readonly refusal?: Problem;
}

export const inSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1_000);

/** Counts one more request of a caller; `undefined` if counting failed. */
export type RequestCounter = (caller: string) => Promise<Counted | undefined>;

export function countRequests(options: RateLimitOptions): RequestCounter {
  const limiter = limiterOf(options);
  const logger = new Logger('RateLimit');
  return async (caller) => {
    try {
      return { standing: await limiter.consume(caller) };
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return { standing: refused, refusal: tooMany(options, refused) };
      // A failed count must not prevent serving.
      logger.error(refused);
      return undefined;
    }
  };
}

function tooMany({ requests, seconds }: RateLimitOptions, { msBeforeNext }: RateLimiterRes): Problem {
  const wait = inSeconds(msBeforeNext);
  const detail = `The limit is ${requests} requests in ${seconds} seconds, set by rateLimit.requests (RATE_LIMIT_REQUESTS) and rateLimit.seconds (RATE_LIMIT_SECONDS); retry in ${wait} seconds.`;
  return new Problem('too-many-requests', detail, {}, { 'Retry-After': String(wait) });
}
