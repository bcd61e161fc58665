import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { broken, type RemoteFolder } from './remote-folder.js';

/** A folder of a volume that is mounted here. */
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
    const file = await open(location).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw broken(location, error);
    });
    return file?.createReadStream();
  }
}
