import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { THREAD_OPTIONS } from '../../thread-options.js';

const POOL_WORKER = new URL('./pool-worker.js', import.meta.url);
/** Rows times features times trees that pay for starting threads: about 0.1 s of work. */
const WORTH_THREADS = 10_000_000;

/** Whether the compiled member lies beside this file: not so where a test runner transpiles the sources in memory. */
export const isCompiled = (): boolean => existsSync(POOL_WORKER);

/** How many threads to use for that much work, of as many as allowed. */
export const usefulThreads = (work: number, threads: number): number =>
  isCompiled() && work >= WORTH_THREADS ? threads : 1;

/** Starts the threads beside this one. That takes as long as putting the data into bins; then a pool sends them their order. */
export const startHelpers = (threads: number): Worker[] =>
  Array.from({ length: threads - 1 }, () => new Worker(POOL_WORKER, THREAD_OPTIONS));
