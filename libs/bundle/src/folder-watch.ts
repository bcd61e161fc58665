import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Two changes within this time may get the same timestamp: clocks of file systems are coarse. */
const FRESH_MILLISECONDS = 2_000;

interface Stamp {
  readonly text: string;
  /** The time of the last change. */
  readonly changed: number;
}

/** Differs whenever a file or folder is rewritten, replaced, or becomes readable. */
async function stampOf(path: string, look: typeof stat): Promise<Stamp> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await look(path);
    return { text: `${ino} ${size} ${mtimeMs} ${ctimeMs}`, changed: Math.max(mtimeMs, ctimeMs) };
  } catch (error) {
    return { text: String((error as NodeJS.ErrnoException).code), changed: -Infinity };
  }
}

/** The stamp of a file or folder; `undefined` where there is none. */
export async function fileStamp(path: string): Promise<string | undefined> {
  const { text, changed } = await stampOf(path, stat);
  return changed === -Infinity ? undefined : text;
}

/**
 * Tells whether a models folder has changed since the last call. It stats two paths per model: the folder, whose time
 * changes with a new version, and its aliases. It reads no file, so that a thousand idle models cost next to nothing.
 */
export class FolderWatch {
  private last?: string;

  /** @param look replaces `stat` in tests */
  constructor(private readonly look: typeof stat = stat) {}

  /** @param more further folders to watch, such as those of versions that failed */
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
