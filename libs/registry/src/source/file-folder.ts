import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { openRegularFile, type UnreadableFileError } from '#kit';
import { BundleError } from '#bundle';
import type { RemoteFolder } from './remote-folder.js';

/** A folder on a mounted volume. */
export class FileFolder implements RemoteFolder {
  private readonly path: string;

  constructor(url: URL) {
    this.path = fileURLToPath(url);
  }

  locate(path: string): string {
    return join(this.path, path);
  }

  async read(path: string): Promise<Readable | undefined> {
    const location = this.locate(path);
    const file = await openRegularFile(location).catch(({ code, problem }: UnreadableFileError) => {
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new BundleError(location, problem, 'Make it a regular file that this process can read');
    });
    return file?.createReadStream();
  }
}
