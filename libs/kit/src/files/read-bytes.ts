import { readFile } from 'node:fs/promises';
import { InputError } from '../errors/input.error.js';

/** Reads a file that an earlier stage wrote. */
export async function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${path} cannot be read: ${error.code === 'ENOENT' ? 'it does not exist' : error.message}.`);
  });
}
