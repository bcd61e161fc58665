import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const VERSION = /^[1-9]\d*$/;

/** The names that are version numbers, oldest first. */
export const versionsAmong = (names: readonly string[]): string[] =>
  names.filter((name) => VERSION.test(name)).sort((a, b) => Number(a) - Number(b));

/** The versions in a model's folder, oldest first. */
export async function listVersions(modelDirectory: string): Promise<string[]> {
  return versionsAmong(await readdir(modelDirectory).catch(() => []));
}

/** Differs whenever a file of a version is rewritten: tells whether to retry a broken one. */
export async function versionStamp(directory: string): Promise<string> {
  const files = await readdir(directory).catch(() => []);
  const stamps = files.sort().map(async (file) => {
    const { mtimeMs, size } = await stat(join(directory, file)).catch(() => ({ mtimeMs: 0, size: 0 }));
    return `${file} ${mtimeMs} ${size}`;
  });
  return (await Promise.all(stamps)).join('\n');
}
