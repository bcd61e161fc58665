import { join } from 'node:path';
import {
  BundleError,
  listModels,
  listVersions,
  type Manifest,
  readManifest as readManifestOf,
  type TensorManifest,
} from '#registry';
import { InputError } from '../input.error.js';

/** A version that is listed, whatever its state. */
export interface KnownVersion {
  readonly version: string;
  readonly manifest?: Manifest | TensorManifest;
  /** Why there is no manifest: a broken version must not hide the others. */
  readonly fault?: string;
}

async function readVersion(directory: string, version: string): Promise<KnownVersion> {
  try {
    return { version, manifest: await readManifestOf(join(directory, version)) };
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

/** @throws InputError when there is no such version: another spelling of its path, such as `1/`, is none either */
export async function readManifest(
  modelsDirectory: string,
  name: string,
  version: string,
): Promise<Manifest | TensorManifest> {
  const directory = join(modelsDirectory, name);
  const isKnown =
    (await listModels(modelsDirectory)).includes(name) && (await listVersions(directory)).includes(version);
  if (isKnown) return readManifestOf(join(directory, version));
  throw new InputError(`${name} has no version ${version} under ${modelsDirectory}; "models list" shows those it has.`);
}
