import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncPath } from './sync-path.js';

/**
 * Puts a file or a folder that is written under another name in its place, whole or not at all, also after a power cut: it is
 * synced, renamed, and the folder that holds it is synced. A file there is replaced.
 *
 * @param temporary on the same file system; what a folder holds is synced already
 * @throws as `rename` of Node: ENOTEMPTY or EEXIST where a folder is
 */
export async function moveIntoPlace(temporary: string, path: string): Promise<void> {
  await syncPath(temporary);
  await rename(temporary, path);
  await syncPath(dirname(path));
}
