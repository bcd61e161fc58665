import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile, type UnreadableFileError } from '#kit';
import { BundleError } from './bundle.error.js';
import { parseDocument } from './bundle-schemas.js';
import { NoDefaultModelError } from './inference.errors.js';
import { listVersions, versionsAmong } from './list-versions.js';
import { readManifest } from './read-bundle.js';
import { type Aliases, TEXT_BYTES } from './bundle.js';

/** The contents of a models folder. */
export interface ModelsFolder {
  /** The versions of each model by its name, oldest first. */
  readonly models: ReadonlyMap<string, readonly string[]>;
  /** Why a folder is not a model, by its name: other tools create some beside them (`lost+found`, `__MACOSX`). */
  readonly ignored: ReadonlyMap<string, string>;
}

/** @throws BundleError when the folder cannot be read */
export async function readModelsFolder(modelsDirectory: string): Promise<ModelsFolder> {
  const entries = await readdir(modelsDirectory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new BundleError(
      modelsDirectory,
      error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`,
      'Point MODELS_DIR, or models.directory in config/config.yaml, to the folder that holds the models',
    );
  });
  const models = new Map<string, readonly string[]>();
  const ignored = new Map<string, string>();
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith('.') || !(entry.isDirectory() || entry.isSymbolicLink())) continue;
    try {
      const versions = versionsAmong(await readdir(join(modelsDirectory, name)));
      if (versions.length > 0) models.set(name, versions);
      else ignored.set(name, 'contains no version');
    } catch (error) {
      ignored.set(name, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  return { models, ignored };
}

/** Names of the models in the folder. @throws BundleError when it cannot be read */
export const listModelNames = async (modelsDirectory: string): Promise<string[]> => [
  ...(await readModelsFolder(modelsDirectory)).models.keys(),
];

/** Reads a model's aliases; `undefined` when it has none yet. */
export async function readAliases(modelsDirectory: string, name: string): Promise<Aliases | undefined> {
  const path = join(modelsDirectory, name, 'aliases.json');
  const text = await readRegularFile(path, TEXT_BYTES).catch(({ code, problem }: UnreadableFileError) => {
    if (code === 'ENOENT') return undefined;
    throw new BundleError(path, problem, 'Replace it by a readable JSON file, or restore it');
  });
  return text && parseDocument('aliases', text.toString(), path);
}

/** The number after the highest version of a model, "1" for a new one. */
export async function nextVersion(modelsDirectory: string, name: string): Promise<string> {
  const versions = await listVersions(join(modelsDirectory, name));
  return String(Number(versions.at(-1) ?? 0) + 1);
}

/** Whether a model's champion takes tensors; an unreadable one counts as taking rows. */
async function takesTensors(modelsDirectory: string, name: string): Promise<boolean> {
  const aliases = await readAliases(modelsDirectory, name).catch(() => undefined);
  if (!aliases) return false;
  const manifest = await readManifest(join(modelsDirectory, name, aliases.champion)).catch(() => undefined);
  return manifest !== undefined && 'kind' in manifest;
}

/**
 * The default model where none is named: the only one that takes rows. If none takes rows, the first: rows are refused
 * anyway, and the choice must not stop the others from serving.
 */
async function impliedModel(modelsDirectory: string, names: readonly string[]): Promise<string | undefined> {
  if (names.length === 1) return names[0];
  const tensors = await Promise.all(names.map((name) => takesTensors(modelsDirectory, name)));
  const others = names.filter((_, i) => !tensors[i]);
  if (others.length === 0) return [...names].sort()[0];
  return others.length === 1 ? others[0] : undefined;
}

/**
 * Finds the folder of the version that should serve: the champion of the default model.
 *
 * @param defaultModel its name; when not given, the only model in the folder that takes rows
 * @throws BundleError when there is no model, no such model, or no champion
 * @throws NoDefaultModelError when several models take rows and none is named
 */
export async function locateChampion(
  modelsDirectory: string,
  defaultModel?: string,
  folder?: ModelsFolder,
): Promise<string> {
  const { models, ignored } = folder ?? (await readModelsFolder(modelsDirectory));
  const names = [...models.keys()].sort();
  if (names.length === 0) {
    const others = [...ignored].map(([name, why]) => `; ${name} ${why}`).join('');
    throw new BundleError(
      modelsDirectory,
      `contains no model${others}`,
      'Train one with "npx skewless run", or import one with "npx skewless import"',
    );
  }
  const name = defaultModel ?? (await impliedModel(modelsDirectory, names));
  if (name === undefined) throw new NoDefaultModelError(names);
  if (!names.includes(name)) {
    const why = ignored.get(name);
    throw new BundleError(
      modelsDirectory,
      why
        ? `contains no model "${name}": that folder ${why}`
        : `contains no model "${name}", only: ${names.join(', ')}`,
      'Correct DEFAULT_MODEL, or models.default in config/config.yaml',
    );
  }
  const aliases = await readAliases(modelsDirectory, name);
  if (!aliases) {
    throw new BundleError(
      join(modelsDirectory, name, 'aliases.json'),
      'does not exist: no version of the model serves yet',
      `"npx skewless models promote ${name} VERSION" makes one the champion`,
    );
  }
  return join(modelsDirectory, name, aliases.champion);
}
