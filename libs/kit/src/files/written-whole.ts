import { rm, stat } from 'node:fs/promises';
import { InputError } from '../errors/input.error.js';
import { moveIntoPlace } from './move-into-place.js';

/**
 * Lets somebody else write a file, which appears whole or not at all.
 *
 * @param write to the path that it is given
 * @throws InputError where something stands that is no file, such as a folder, a device or a pipe
 */
export async function writtenWhole(path: string, write: (temporary: string) => Promise<unknown>): Promise<void> {
  // Always the same name, so that what a killed writer left is overwritten.
  const temporary = `${path}.tmp`;
  // Renaming would put a file in the place of a device, such as /dev/null, for everybody.
  const existing = await stat(path).catch(() => undefined);
  if (existing && !existing.isFile()) throw new InputError(`${path} is a folder or device; name a file to write.`);
  try {
    await write(temporary);
    await moveIntoPlace(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
