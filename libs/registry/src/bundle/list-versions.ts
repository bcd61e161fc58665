import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const VERSION = /^[1-9]\d*$/;

/** Versions that lie in a model's folder, oldest first. */
export async function listVersions(modelDirectory: string): Promise<string[]> {
  const entries = await readdir(modelDirectory).catch(() => []);
  return entries.filter((entry) => VERSION.test(entry)).sort((a, b) => Number(a) - Number(b));
}

/** Changes whenever a file of a version is written anew: tells whether to try a broken one again. */
export async function versionStamp(directory: string): Promise<string> {
  const files = await readdir(directory).catch(() => []);
  const stamps = files.sort().map(async (file) => {
    const { mtimeMs, size } = await stat(join(directory, file)).catch(() => ({ mtimeMs: 0, size: 0 }));
    return `${file} ${mtimeMs} ${size}`;
  });
  return (await Promise.all(stamps)).join('\n');
}
