import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from '#kit';
import { removeLeftovers } from './remove-leftovers.js';

/**
 * Removes a version atomically: it is renamed to a name that readers ignore, then deleted. The leftovers of an
 * interrupted removal are deleted by the next write or removal.
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
