import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Identity of a file's contents, as in DVC. */
export interface FileMd5 {
  /** Lower-case hexadecimal. */
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
}

const known = new Map<string, { readonly stamp: string; readonly md5: string }>();
/** A file changed more recently may change again within one tick of its times (as git's "racy" entries). */
const SETTLED_MILLISECONDS = 2_000;

/**
 * Hashes a file in chunks. The result is cached until the file's times, size or inode change.
 *
 * @returns undefined where there is no such file
 */
export async function fileMd5(file: string): Promise<FileMd5 | undefined> {
  const stats = await stat(file, { bigint: true }).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  const stamp = [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
  const size = Number(stats.size);
  const before = known.get(file);
  if (before?.stamp === stamp) return { md5: before.md5, size };
  const hash = createHash('md5');
  await pipeline(createReadStream(file), hash);
  const md5 = hash.digest('hex');
  if (Date.now() - Number(stats.ctimeMs) > SETTLED_MILLISECONDS) known.set(file, { stamp, md5 });
  return { md5, size };
}
