import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BusyError, projectRoot, tryLock } from '#kit';

/**
 * Does the work of a run unless another one of this machine is at work in this project: both would write the same files. A
 * run that was killed binds nobody.
 *
 * @throws BusyError
 */
export async function asOnlyRun<T>(work: () => Promise<T>): Promise<T> {
  const folder = join(projectRoot(), '.cache');
  await mkdir(folder, { recursive: true });
  // By machine, as a process of another one cannot be seen to have ended.
  const release = tryLock(folder, `run.${hostname()}`);
  if (!release) throw new BusyError(`Another "run" is at work in ${projectRoot()}: try again when it has ended.`);
  try {
    return await work();
  } finally {
    release();
  }
}
