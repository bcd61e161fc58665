import { createHash } from 'node:crypto';
import { copyFileSync, fsyncSync, closeSync, constants, mkdirSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkArtifactPath } from '../limits.js';
import type { ArtifactRecord } from '../records.js';
import { syncDirectory } from '#kit';

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Copies a file into the store, so that a later push sends it as it was logged. */
export function keepArtifact(artifacts: string, source: string, path: string): ArtifactRecord {
  checkArtifactPath(path);
  const target = join(artifacts, path);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  const file = openSync(target, 'r');
  try {
    fsyncSync(file);
    const bytes = readFileSync(file);
    syncDirectory(dirname(target));
    return { type: 'artifact', path, sha256: sha256Of(bytes), bytes: bytes.length };
  } finally {
    closeSync(file);
  }
}

/** The files below a folder, as sorted paths with "/". Links are skipped. */
export function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix ? `${prefix}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return filesBelow(folder, path);
      return entry.isFile() ? [path] : [];
    });
}
