import cluster from 'node:cluster';
import { join } from 'node:path';
import { ChildTasks, type TaskRunner } from '#kit';
import { PrimaryTasks } from './shared-tasks.js';

export interface ProverOptions {
  /** How long a proof may take. */
  readonly seconds: number;
  /** Of the product. */
  readonly root: string;
  /** What came from elsewhere is kept there, and what was proven here. */
  readonly cache: string;
}

/** Proves versions of models: in children of this process or, in a worker, of the primary, once for all workers. */
export function createProver({ seconds, root, cache }: ProverOptions): TaskRunner {
  if (cluster.isWorker) return new PrimaryTasks(seconds);
  const script = join(root, 'dist/api/prove.js');
  return new ChildTasks({ script, seconds, record: join(cache, 'proven') });
}
