import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from '#kit';
import { removeLeftovers } from './remove-leftovers.js';

/**
 * Makes a version disappear whole or not at all: it is renamed to what readers never look at, then removed. What a removal that
 * was killed left goes with the next write or removal.
 *
 * @param modelDirectory the folder that holds the model's versions
 */
export async function removeVersion(modelDirectory: string, version: string): Promise<void> {
  await removeLeftovers(modelDirectory);
  const aside = join(modelDirectory, `.${version}-${randomBytes(3).toString('hex')}`);
  await rename(join(modelDirectory, version), aside);
  await syncPath(modelDirectory);
  await rm(aside, { recursive: true, force: true });
}
