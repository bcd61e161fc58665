import { open } from 'node:fs/promises';

/** Syncs a file's contents, or a folder's entries, to disk (fsync). */
export async function syncPath(path: string): Promise<void> {
  const opened = await open(path, 'r');
  await opened.sync().finally(() => opened.close());
}
