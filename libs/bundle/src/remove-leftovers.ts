import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HOUR } from '#kit';

/** Temporary names of `mkdtemp` and write-file-atomic. */
const UNFINISHED = /^\.\d+-\w{6}$|^(aliases\.json|rollout\.json|history\.jsonl)\.\d+$/;

/** Removes the temporary files of killed writers from a model's folder; readers ignore them. */
export async function removeLeftovers(modelDirectory: string): Promise<void> {
  for (const entry of await readdir(modelDirectory)) {
    if (!UNFINISHED.test(entry)) continue;
    const path = join(modelDirectory, entry);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Infinity }))).mtimeMs;
    // No writer takes an hour: an older file was left by a killed one.
    if (age > HOUR) await rm(path, { recursive: true, force: true });
  }
}
