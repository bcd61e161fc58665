import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Manifest, parseDocument } from '#registry';
import { readText } from '../import/read-input.js';
import { InputError } from '../input.error.js';

/** The manifests of a model's versions, oldest first. */
export async function readVersions(modelsDirectory: string, name: string): Promise<Manifest[]> {
  const entries = await readdir(join(modelsDirectory, name)).catch(() => [] as string[]);
  const versions = entries.filter((entry) => /^[1-9]\d*$/.test(entry)).sort((a, b) => Number(a) - Number(b));
  return Promise.all(versions.map((version) => readManifest(modelsDirectory, name, version)));
}

/** @throws InputError when there is no such version */
export async function readManifest(modelsDirectory: string, name: string, version: string): Promise<Manifest> {
  const path = join(modelsDirectory, name, version, 'manifest.json');
  const text = await readText(path).catch(() => {
    throw new InputError(`${name} has no version ${version} under ${modelsDirectory}; "models list" shows those it has.`);
  });
  return parseDocument('manifest', text, path);
}
