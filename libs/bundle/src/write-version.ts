import { chmod, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { moveIntoPlace } from '#kit';
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

/** Writes a version's files to a temporary folder. */
async function prepare(
  modelDirectory: string,
  version: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  await mkdir(modelDirectory, { recursive: true });
  await removeLeftovers(modelDirectory);
  const temporary = await mkdtemp(join(modelDirectory, `.${version}-`));
  try {
    await fill(temporary);
    // mkdtemp makes it private, but the server may run as another user.
    await chmod(temporary, 0o755);
    return temporary;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Writes a version atomically: its files go into a temporary folder, which is synced, then renamed.
 *
 * @param modelDirectory the folder that holds the model's versions
 * @param fill writes the files, synced, into the folder it is given
 * @returns the folder of the new version
 * @throws BundleError when the version exists already: versions never change
 */
export async function placeVersion(
  modelDirectory: string,
  version: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const target = join(modelDirectory, version);
  const temporary = await prepare(modelDirectory, version, fill);
  try {
    await moveIntoPlace(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new BundleError(target, 'exists already', 'Versions never change: choose the next number');
    }
    throw error;
  }
  return target;
}

/**
 * Replaces the version of the same number, if there is one: for a cache of versions that others number. A reader that
 * finds none between the two renames tries again.
 *
 * @param fill as of {@link placeVersion}
 */
export async function replaceVersion(
  modelDirectory: string,
  version: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const target = join(modelDirectory, version);
  const temporary = await prepare(modelDirectory, version, fill);
  const before = await mkdtemp(join(modelDirectory, `.${version}-`));
  try {
    await rename(target, join(before, version)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await moveIntoPlace(temporary, target);
  } finally {
    for (const folder of [temporary, before]) await rm(folder, { recursive: true, force: true });
  }
  return target;
}

/** Writes a version of the given files, by name. @throws BundleError as {@link placeVersion} */
export function writeVersion(
  modelDirectory: string,
  version: string,
  contents: Readonly<Record<string, Uint8Array>>,
  place = placeVersion,
): Promise<string> {
  return place(modelDirectory, version, async (folder) => {
    for (const [file, bytes] of Object.entries(contents)) await writeSynced(join(folder, file), bytes);
  });
}
