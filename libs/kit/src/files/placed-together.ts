import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { moveIntoPlace } from './move-into-place.js';

/**
 * Writes a set of files that belong together: they replace the older ones only when all are complete.
 *
 * @param names of all files that may be written; the last one exists only if the others belong to the same set
 * @param write writes into the folder that it is given
 */
export async function placedTogether<T>(
  folder: string,
  names: readonly string[],
  write: (unfinished: string) => Promise<T>,
): Promise<T> {
  const unfinished = join(folder, '.unfinished');
  // Left by a writer that was killed.
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    const result = await write(unfinished);
    await rm(join(folder, names.at(-1)!), { force: true });
    for (const name of names) {
      const from = join(unfinished, name);
      if (existsSync(from)) await moveIntoPlace(from, join(folder, name));
      else await rm(join(folder, name), { force: true });
    }
    return result;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
