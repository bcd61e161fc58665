import type { WorkerOptions } from 'node:worker_threads';

/**
 * What helping threads are started with: they work on shared memory and make hardly any objects of their own. Below 2 GB
 * of heap, V8 makes no copy of its built-in code for a thread: almost a megabyte.
 */
export const THREAD_OPTIONS = {
  execArgv: [],
  resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 1_024 },
} satisfies WorkerOptions;
