import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { type RegressionData, rowsOf, type TrainingData } from '../data/training-data.js';
import { THREAD_OPTIONS } from '../thread-options.js';
import type { TrainOptions } from '../train-options.js';
import type { FlatTree } from '../tree/flat-tree.js';
import type { GrowthRules } from './classification-tree.js';
import { codeFeatures } from './coded-features.js';
import { growOnThisThread } from './grow-on-this-thread.js';
import type { GrownTree, TreeOrder } from './tree-worker.js';
import { claimIndices } from './claim-indices.js';

const WORKER = new URL('./tree-worker.js', import.meta.url);
/** Rows times trees from which threads are worth starting: about 0.1 s of work. */
const WORTH_THREADS = 1_000_000;

/** Whether the compiled worker is beside this file; it is not where a test runner transpiles sources in memory. */
export const hasWorkers = (): boolean => existsSync(WORKER);

/**
 * Grows trees in this thread and in helper threads that share the coded data; each claims the next free tree. Helpers
 * start while this thread codes the data.
 */
export async function growTrees(
  training: TrainingData | RegressionData,
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
  const work = rowsOf(training) * count;
  const helps = hasWorkers() && work >= WORTH_THREADS ? Math.min(threads, count) - 1 : 0;
  const ended = new AbortController();
  const workers = Array.from({ length: helps }, () => new Worker(WORKER, THREAD_OPTIONS));
  let here: Promise<void> | undefined;
  try {
    const data = codeFeatures(training);
    for (const worker of workers) worker.postMessage({ data, rules, seed, count, next } satisfies TreeOrder);
    const stop = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
    here = growOnThisThread(data, rules, claimIndices(next, count), { seed, keep, signal: stop });
    await Promise.all([here, ...workers.map((worker) => finished(worker, keep))]);
  } finally {
    ended.abort();
    await Promise.allSettled([here, ...workers.map((worker) => worker.terminate())]);
  }
  return trees;
}

/** Resolves when a worker has grown its trees and exited; rejects when the worker or `keep` fails. */
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
