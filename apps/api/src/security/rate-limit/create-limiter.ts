import cluster from 'node:cluster';
import { RateLimiterCluster, RateLimiterClusterMaster, RateLimiterMemory } from 'rate-limiter-flexible';
import type { RateLimitOptions } from './rate-limit.options.js';

/** In the primary: counts for all workers. */
export function countForWorkers(): void {
  new RateLimiterClusterMaster();
}

type Limiter = RateLimiterMemory | RateLimiterCluster;

const limiters = new WeakMap<RateLimitOptions, Limiter>();

function createLimiter({ requests, seconds }: RateLimitOptions): Limiter {
  const options = { points: requests, duration: seconds, keyPrefix: 'requests' };
  return cluster.isWorker ? new RateLimiterCluster(options) : new RateLimiterMemory(options);
}

/**
 * Counts in this process, or for a worker in the primary, so that the limit covers all workers. One limiter per
 * options, so that it covers HTTP and gRPC together.
 */
export function limiterOf(options: RateLimitOptions): Limiter {
  let limiter = limiters.get(options);
  if (!limiter) limiters.set(options, (limiter = createLimiter(options)));
  return limiter;
}
