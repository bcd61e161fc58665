import { Logger } from '@nestjs/common';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { limiterOf } from './create-limiter.js';
import { tooMany } from './limit-rate.js';
import type { RateLimitOptions } from './rate-limit.options.js';

/** What {@link limitRate} is for HTTP, for calls that have no headers of their own. */
export function limitCalls(options: RateLimitOptions) {
  const limiter = limiterOf(options);
  const logger = new Logger('RateLimit');

  /** @throws Problem `too-many-requests` */
  return async (caller: string): Promise<void> => {
    try {
      await limiter.consume(caller);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) throw tooMany(options, Math.ceil(refusal.msBeforeNext / 1_000));
      // Serving matters more than counting.
      logger.error(refusal);
    }
  };
}
