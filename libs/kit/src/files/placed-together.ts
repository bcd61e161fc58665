import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { moveIntoPlace } from './move-into-place.js';

/**
 * Lets somebody write files that belong together; they take the places of older ones only when all are there.
 *
 * @param names of all that there may be, and the last one is there only if the others are of its set
 * @param write into the folder that it is given
 */
export async function placedTogether<T>(
  folder: string,
  names: readonly string[],
  write: (unfinished: string) => Promise<T>,
): Promise<T> {
  const unfinished = join(folder, '.unfinished');
  // What a killed writer left.
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
