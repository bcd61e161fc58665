import cluster from 'node:cluster';
import { join } from 'node:path';
import { ChildTasks, type TaskRunner } from '#kit';
import { PrimaryTasks } from './shared-tasks.js';

export interface ProverOptions {
  /** Time limit of one proof. */
  readonly seconds: number;
  /** Root folder of the project. */
  readonly root: string;
  /** Folder that caches fetched models and records which versions were proven. */
  readonly cache: string;
}

/**
 * Proves model versions in child processes of this process; in a worker, in children of the primary, once for all
 * workers.
 */
export function createProver({ seconds, root, cache }: ProverOptions): TaskRunner {
  if (cluster.isWorker) return new PrimaryTasks(seconds);
  const script = join(root, 'dist/api/prove.js');
  return new ChildTasks({ script, seconds, record: join(cache, 'proven') });
}
