import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { THREAD_OPTIONS } from '../../thread-options.js';

const POOL_WORKER = new URL('./pool-worker.js', import.meta.url);
/** Rows times features times trees from which threads are worth starting: about 0.1 s of work. */
const WORTH_THREADS = 10_000_000;

/** Whether the compiled worker is beside this file; it is not where a test runner transpiles sources in memory. */
export const isCompiled = (): boolean => existsSync(POOL_WORKER);

/** How many of the allowed threads to use for that much work. */
export const usefulThreads = (work: number, threads: number): number =>
  isCompiled() && work >= WORTH_THREADS ? threads : 1;

/** Starts the helper threads. They boot while this thread bins the data; then a pool sends them their start message. */
export const startHelpers = (threads: number): Worker[] =>
  Array.from({ length: threads - 1 }, () => new Worker(POOL_WORKER, THREAD_OPTIONS));
