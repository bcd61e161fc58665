import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BusyError, projectRoot, tryLock } from '#kit';
import type { StageOptions } from '../stage.options.js';

/**
 * Does the work of a run unless another run of this machine uses the same files: those of this project, or of a model
 * with its own file. The lock of a run that was killed is void.
 *
 * @throws BusyError
 */
export async function asOnlyRun<T>(
  { own, models }: Pick<StageOptions, 'own' | 'models'>,
  work: () => Promise<T>,
): Promise<T> {
  const folder = own ? join(models.directory, own.model.name) : join(projectRoot(), '.cache');
  await mkdir(folder, { recursive: true });
  // Locked per machine, because a process of another machine cannot be checked.
  const release = tryLock(folder, `run.${hostname()}`);
  if (!release)
    throw new BusyError(
      `Another "run" is in progress in ${own ? folder : projectRoot()}; try again when it has ended.`,
    );
  try {
    return await work();
  } finally {
    release();
  }
}
