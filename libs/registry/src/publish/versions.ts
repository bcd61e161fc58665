import { join } from 'node:path';
import {
  BundleError,
  listModelNames,
  listVersions,
  type Manifest,
  readAliases,
  readManifest,
  type TensorManifest,
} from '#bundle';
import { InputError } from '#kit';

/** A version in whatever state. */
export interface KnownVersion {
  readonly version: string;
  readonly manifest?: Manifest | TensorManifest;
  /** Why there is no manifest: a broken version must not hide the others. */
  readonly fault?: string;
}

async function readVersion(directory: string, version: string): Promise<KnownVersion> {
  try {
    return { version, manifest: await readManifest(join(directory, version)) };
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return { version, fault: error.message };
  }
}

/** A model's versions, oldest first. */
export async function readVersions(modelsDirectory: string, name: string): Promise<KnownVersion[]> {
  const directory = join(modelsDirectory, name);
  const versions = await listVersions(directory);
  return Promise.all(versions.map((version) => readVersion(directory, version)));
}

/**
 * Resolves a version that a user names by number or alias.
 *
 * @throws InputError when there is no such version, also for another spelling of its path, such as `1/`
 */
export async function resolveVersion(modelsDirectory: string, name: string, named: string): Promise<string> {
  const isModel = (await listModelNames(modelsDirectory)).includes(name);
  const aliases: Readonly<Record<string, string | undefined>> = isModel
    ? { ...(await readAliases(modelsDirectory, name)) }
    : {};
  const version = (Object.hasOwn(aliases, named) && aliases[named]) || named;
  if (isModel && (await listVersions(join(modelsDirectory, name))).includes(version)) return version;
  const what = isModel ? `${name} has no version or alias ${named}` : `There is no model ${name}`;
  throw new InputError(`${what} under ${modelsDirectory} (models.directory); "models list" shows those there are.`);
}

export const readVersionManifest = (
  modelsDirectory: string,
  name: string,
  version: string,
): Promise<Manifest | TensorManifest> => readManifest(join(modelsDirectory, name, version));
