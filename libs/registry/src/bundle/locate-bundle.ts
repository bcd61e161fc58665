import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleError } from './bundle.error.js';
import { parseDocument } from './bundle-schemas.js';
import type { Aliases } from './bundle.js';

/** Names of the models in the folder. @throws BundleError when it cannot be read */
export async function listModels(modelsDirectory: string): Promise<string[]> {
  const entries = await readdir(modelsDirectory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new BundleError(
      modelsDirectory,
      error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`,
      'Point MODELS_DIR, or models.directory in config/config.yaml, to the folder that holds the models',
    );
  });
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

/** Reads a model's aliases; `undefined` when it has none yet. */
export async function readAliases(modelsDirectory: string, name: string): Promise<Aliases | undefined> {
  const path = join(modelsDirectory, name, 'aliases.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new BundleError(path, `cannot be read (${error.code})`, 'Make it readable to this process');
  });
  return text === undefined ? undefined : parseDocument('aliases', text, path);
}

/** The number after the highest version of a model, "1" for a new one. */
export async function nextVersion(modelsDirectory: string, name: string): Promise<string> {
  const entries = await readdir(join(modelsDirectory, name)).catch(() => []);
  const versions = entries.map(Number).filter(Number.isInteger);
  return String(Math.max(0, ...versions) + 1);
}

/**
 * Finds the folder of the version that should serve: the champion of the default model.
 *
 * @param defaultModel its name; when not given, the only model in the folder
 * @throws BundleError when there is no model, no such model, or no champion
 */
export async function locateChampion(modelsDirectory: string, defaultModel?: string): Promise<string> {
  const names = await listModels(modelsDirectory);
  if (names.length === 0) {
    throw new BundleError(modelsDirectory, 'holds no model', 'Bring one with "npm run import", see the README');
  }
  if (defaultModel === undefined && names.length > 1) {
    throw new BundleError(
      modelsDirectory,
      `holds ${names.length} models: ${names.join(', ')}`,
      'Name the one to serve: DEFAULT_MODEL, or models.default in config/config.yaml',
    );
  }
  const name = defaultModel ?? names[0];
  if (!names.includes(name)) {
    throw new BundleError(
      modelsDirectory,
      `holds no model "${name}", only: ${names.join(', ')}`,
      'Correct DEFAULT_MODEL, or models.default in config/config.yaml',
    );
  }
  const aliases = await readAliases(modelsDirectory, name);
  if (!aliases) {
    throw new BundleError(
      join(modelsDirectory, name, 'aliases.json'),
      'does not exist',
      'Write {"champion": "<version>"} into it to say which version serves',
    );
  }
  return join(modelsDirectory, name, aliases.champion);
}
