import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listVersions, type Manifest, readManifest as readManifestOf, type TensorManifest } from '#registry';
import { InputError } from '../input.error.js';

/** The manifests of a model's versions, oldest first. */
export async function readVersions(modelsDirectory: string, name: string): Promise<(Manifest | TensorManifest)[]> {
  const versions = await listVersions(join(modelsDirectory, name));
  return Promise.all(versions.map((version) => readManifest(modelsDirectory, name, version)));
}

/** @throws InputError when there is no such version */
export async function readManifest(
  modelsDirectory: string,
  name: string,
  version: string,
): Promise<Manifest | TensorManifest> {
  const directory = join(modelsDirectory, name, version);
  if (existsSync(directory)) return readManifestOf(directory);
  throw new InputError(`${name} has no version ${version} under ${modelsDirectory}; "models list" shows those it has.`);
}
