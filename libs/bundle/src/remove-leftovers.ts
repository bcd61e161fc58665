import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** No writer takes this long: what is older belongs to one that was killed. */
const HOUR = 3_600_000;
/** What `mkdtemp` and write-file-atomic call things until they are whole. */
const UNFINISHED = /^\.\d+-\w{6}$|^(aliases\.json|rollout\.json|history\.jsonl)\.\d+$/;

/** Removes what writers that were killed left in a model's folder; readers never look at it. */
export async function removeLeftovers(modelDirectory: string): Promise<void> {
  for (const entry of await readdir(modelDirectory)) {
    if (!UNFINISHED.test(entry)) continue;
    const path = join(modelDirectory, entry);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Infinity }))).mtimeMs;
    if (age > HOUR) await rm(path, { recursive: true, force: true });
  }
}
