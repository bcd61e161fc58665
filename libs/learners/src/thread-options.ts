import type { WorkerOptions } from 'node:worker_threads';

/**
 * Options of helper threads, which work on shared memory and allocate hardly any objects. With a heap below 2 GB, V8
 * makes no copy of its built-in code per thread: almost a megabyte.
 */
export const THREAD_OPTIONS = {
  execArgv: [],
  resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 1_024 },
} satisfies WorkerOptions;
