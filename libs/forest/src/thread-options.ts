import type { WorkerOptions } from 'node:worker_threads';

/** What helping threads are started with: they work on shared memory and make hardly any objects of their own. */
export const THREAD_OPTIONS = {
  execArgv: [],
  resourceLimits: { maxYoungGenerationSizeMb: 2 },
} satisfies WorkerOptions;
