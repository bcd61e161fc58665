import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { moveIntoPlace, openRegularFile } from '#kit';
import { BundleError, type FileDigest } from '#bundle';
import { paced } from './paced.js';
import { broken, missing, type RemoteFolder } from './remote-folder.js';

/** Files by their SHA-256: a file is fetched once, whichever version it belongs to. */
export class BlobStore {
  constructor(private readonly directory: string) {}

  /**
   * Fetches a file unless it is stored.
   *
   * @returns its local path; the bytes match the digest
   * @throws BundleError when the received bytes do not match
   */
  async fetch(folder: RemoteFolder, path: string, digest: FileDigest): Promise<string> {
    const target = join(this.directory, digest.sha256);
    if ((await sha256Of(target)) === digest.sha256) return target;
    await mkdir(this.directory, { recursive: true });
    const location = folder.locate(path);
    const stream = await folder.read(path);
    if (!stream) throw missing(location);
    // It may fail before it is read; its reader also gets the error.
    stream.on('error', () => undefined);
    const temporary = join(this.directory, `.${digest.sha256}-${randomUUID()}`);
    try {
      await writeVerified(stream, temporary, digest, location);
      await moveIntoPlace(temporary, target);
    } finally {
      stream.destroy();
      await rm(temporary, { force: true });
    }
    return target;
  }
}

async function sha256Of(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline((await openRegularFile(path)).createReadStream(), hash);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

async function writeVerified(
  stream: Readable,
  path: string,
  { sha256, bytes: expected }: FileDigest,
  location: string,
): Promise<void> {
  const refuse = (problem: string): never => {
    throw new BundleError(location, problem, 'The version is not used; upload the file that belongs to the manifest');
  };
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o644);
  try {
    for await (const chunk of paced(stream)) {
      bytes += chunk.length;
      if (bytes > expected) refuse(`is longer than the ${expected} bytes of its manifest`);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
  } catch (error) {
    throw error instanceof BundleError ? error : broken(location, error);
  } finally {
    await file.close();
  }
  const got = hash.digest('hex');
  if (got !== sha256) refuse(`has SHA-256 ${got}, but the manifest says ${sha256}`);
}
