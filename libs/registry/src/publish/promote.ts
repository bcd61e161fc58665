import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { BundleError, readAnyBundle } from '#bundle';
import { moveAlias } from './alias-history.js';

/**
 * Makes a version the champion, unless it lacks the signature that servers require: the one rule for all who write
 * versions.
 *
 * @param key of `models.publicKey`, if that is set
 * @returns whether it became the champion
 */
export async function promote(
  modelsDirectory: string,
  name: string,
  version: string,
  { key, why }: { readonly key: KeyObject | undefined; readonly why: string },
): Promise<boolean> {
  if (key && !(await isSigned(join(modelsDirectory, name, version), key))) return false;
  await moveAlias(modelsDirectory, name, { alias: 'champion', to: version, why });
  return true;
}

/** Whether a version is signed with a key. @throws as `readAnyBundle`, except for flaws of the version */
export async function isSigned(bundle: string, key: KeyObject): Promise<boolean> {
  try {
    await readAnyBundle(bundle, key);
    return true;
  } catch (error) {
    if (error instanceof BundleError) return false;
    throw error;
  }
}

/** What to do with a version that did not become the champion. */
export const howToSign = (name: string, version: string): string =>
  `It becomes the champion once it is signed, as models.publicKey requires:
  npx skewless models sign ${name} ${version} --key <private key>
  npx skewless models promote ${name} ${version}`;
