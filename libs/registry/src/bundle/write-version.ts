import { chmod, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleError } from './bundle.error.js';
import { removeLeftovers } from './remove-leftovers.js';

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}

/**
 * Writes the files of a version so that it is there whole or not at all: into a temporary folder, fsynced, then renamed.
 *
 * @param modelDirectory the folder that holds the model's versions
 * @param contents by file name
 * @returns the folder of the new version
 * @throws BundleError when the version exists already: versions never change
 */
export async function writeVersion(
  modelDirectory: string,
  version: string,
  contents: Readonly<Record<string, Uint8Array>>,
): Promise<string> {
  const target = join(modelDirectory, version);
  await mkdir(modelDirectory, { recursive: true });
  await removeLeftovers(modelDirectory);
  const temporary = await mkdtemp(join(modelDirectory, `.${version}-`));
  try {
    for (const [file, bytes] of Object.entries(contents)) await writeSynced(join(temporary, file), bytes);
    // mkdtemp makes it private, but the server may be another user.
    await chmod(temporary, 0o755);
    await syncDirectory(temporary);
    await rename(temporary, target);
    await syncDirectory(modelDirectory);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new BundleError(target, 'exists already', 'Versions never change: choose the next number');
    }
    throw error;
  }
  return target;
}
