import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Syncs a folder's entries to disk (fsync). */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
