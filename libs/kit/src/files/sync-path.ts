import { open } from 'node:fs/promises';

/** Makes a file's contents, or the new names in a folder, outlive a power cut. */
export async function syncPath(path: string): Promise<void> {
  const opened = await open(path, 'r');
  await opened.sync().finally(() => opened.close());
}
