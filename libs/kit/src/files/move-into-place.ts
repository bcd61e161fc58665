import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncPath } from './sync-path.js';

/**
 * Moves a finished file or folder to its final name, atomically and durably: it is synced, renamed, and its new parent
 * folder is synced. An existing file is replaced.
 *
 * @param temporary on the same file system; the contents of a folder must be synced already
 * @throws as Node's `rename`: ENOTEMPTY or EEXIST where a folder exists
 */
export async function moveIntoPlace(temporary: string, path: string): Promise<void> {
  await syncPath(temporary);
  await rename(temporary, path);
  await syncPath(dirname(path));
}
