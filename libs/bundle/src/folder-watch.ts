import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** So soon after a change, another one may have left the same times: clocks of file systems tick slowly. */
const FRESH_MILLISECONDS = 2_000;

interface Stamp {
  readonly text: string;
  /** When it was changed last. */
  readonly changed: number;
}

/** What changes whenever a file or folder is written again, replaced, or becomes readable. */
async function stampOf(path: string, look: typeof stat): Promise<Stamp> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await look(path);
    return { text: `${ino} ${size} ${mtimeMs} ${ctimeMs}`, changed: Math.max(mtimeMs, ctimeMs) };
  } catch (error) {
    return { text: String((error as NodeJS.ErrnoException).code), changed: -Infinity };
  }
}

/** The stamp of one file or folder; `undefined` where there is none. */
export async function fileStamp(path: string): Promise<string | undefined> {
  const { text, changed } = await stampOf(path, stat);
  return changed === -Infinity ? undefined : text;
}

/**
 * Tells whether a models folder has changed since it was last asked, by two looks at each model: at its folder, whose
 * time tells of new versions, and at its aliases. Nothing is read: a thousand models that rest cost next to nothing.
 */
export class FolderWatch {
  private last?: string;

  /** @param look how to look at a file */
  constructor(private readonly look: typeof stat = stat) {}

  /** @param more further folders whose files count, such as of versions that failed */
  async hasChanged(directory: string, more: readonly string[] = []): Promise<boolean> {
    const inside = async (folder: string): Promise<string[]> =>
      (await readdir(folder).catch(() => [])).sort().map((name) => join(folder, name));
    const models = await inside(directory);
    const paths = [
      directory,
      ...models.flatMap((model) => [model, join(model, 'aliases.json')]),
      ...(await Promise.all(more.map(inside))).flat(),
    ];
    const stamps = await Promise.all(paths.map((path) => stampOf(path, this.look)));
    const now = paths.map((path, i) => `${path} ${stamps[i].text}`).join('\n');
    const isFresh = stamps.some(({ changed }) => changed > Date.now() - FRESH_MILLISECONDS);
    const before = this.last;
    this.last = isFresh ? undefined : now;
    return before === undefined || before !== now;
  }
}
