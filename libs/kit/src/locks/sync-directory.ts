import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes new names in a folder outlive a power cut. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
