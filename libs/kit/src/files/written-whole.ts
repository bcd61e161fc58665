import { rm, stat } from 'node:fs/promises';
import { InputError } from '../errors/input.error.js';
import { moveIntoPlace } from './move-into-place.js';

/**
 * Lets a callback write a file, which then appears atomically.
 *
 * @param write to the path that it is given
 * @throws InputError where the path exists and is no regular file: a folder, a device or a pipe
 */
export async function writtenWhole(path: string, write: (temporary: string) => Promise<unknown>): Promise<void> {
  // The name is fixed, so that the leftover of a killed writer is overwritten.
  const temporary = `${path}.tmp`;
  // Renaming over a device such as /dev/null would replace it for every process.
  const existing = await stat(path).catch(() => undefined);
  if (existing && !existing.isFile()) throw new InputError(`${path} is a folder or device; name a file to write.`);
  try {
    await write(temporary);
    await moveIntoPlace(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
