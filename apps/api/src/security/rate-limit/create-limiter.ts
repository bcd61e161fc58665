import cluster from 'node:cluster';
import { RateLimiterCluster, RateLimiterClusterMaster, RateLimiterMemory } from 'rate-limiter-flexible';
import type { RateLimitOptions } from './rate-limit.options.js';

/** In the primary: counts for all workers. */
export function countForWorkers(): void {
  new RateLimiterClusterMaster();
}

/** Counts in this process, or for a worker in its primary, so that the limit holds for all workers together. */
export function createLimiter({ requests, seconds }: RateLimitOptions): RateLimiterMemory | RateLimiterCluster {
  const options = { points: requests, duration: seconds, keyPrefix: 'requests' };
  return cluster.isWorker ? new RateLimiterCluster(options) : new RateLimiterMemory(options);
}
