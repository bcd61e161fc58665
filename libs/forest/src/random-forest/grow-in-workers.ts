import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { TrainOptions } from '../train-options.js';
import type { FlatTree } from '../tree/flat-tree.js';
import type { GrowthRules } from './classification-tree.js';
import type { CodedFeatures } from './coded-features.js';
import type { GrownTree, TreeOrder } from './tree-worker.js';

const WORKER = new URL('./tree-worker.js', import.meta.url);

/** Whether the compiled worker lies beside this file: not so where a test runner transpiles the sources in memory. */
export const hasWorkers = (): boolean => existsSync(WORKER);

/** Grows the trees in worker threads that share the data; each takes the next tree that nobody grows yet. */
export async function growInWorkers(
  data: CodedFeatures,
  rules: GrowthRules,
  count: number,
  { seed, threads, onProgress, signal }: TrainOptions,
): Promise<FlatTree[]> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const trees = new Array<FlatTree>(count);
  let done = 0;
  const keep = ({ index, tree }: GrownTree): void => {
    trees[index] = tree;
    onProgress?.(++done, count);
  };
  signal?.throwIfAborted();
  const ended = new AbortController();
  const workerData = { data, rules, seed, count, next } satisfies TreeOrder;
  const workers = Array.from(
    { length: Math.min(threads, count) },
    () => new Worker(WORKER, { workerData, execArgv: [] }),
  );
  try {
    await Promise.race([Promise.all(workers.map((worker) => finished(worker, keep))), aborted(signal, ended.signal)]);
  } finally {
    ended.abort();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return trees;
}

/** Settles when a worker has grown its trees and ended, or has failed, or what listens to it has. */
function finished(worker: Worker, keep: (grown: GrownTree) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('message', (grown: GrownTree) => {
      try {
        keep(grown);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`a tree worker ended with code ${code}`)),
    );
  });
}

/** Rejects when `signal` is aborted, and listens no longer than until `ended`. */
function aborted(signal: AbortSignal | undefined, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: ended });
  });
}
