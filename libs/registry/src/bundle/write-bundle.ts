import { chmod, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { BUNDLE_FILES, type Aliases, type Bundle, type BundleFile, type Manifest } from './bundle.js';
import { BundleError } from './bundle.error.js';
import { parseDocument } from './bundle-schemas.js';
import { digestOf } from './read-bundle.js';
import { removeLeftovers } from './remove-leftovers.js';

/** What a new version consists of; hashes are taken here. */
export interface NewBundle extends Omit<Bundle, 'directory' | 'manifest'> {
  readonly manifest: Omit<Manifest, 'files'>;
}

const encode = (document: object): Buffer => Buffer.from(`${JSON.stringify(document, null, 1)}\n`);

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}

/**
 * Writes a version so that it is there whole or not at all: into a temporary folder, fsynced, then renamed.
 *
 * @param modelsDirectory the folder that holds `<name>/<version>/`
 * @returns the folder of the new version
 * @throws BundleError when the version exists already (versions never change), or could not be read back
 */
export async function writeBundle(modelsDirectory: string, bundle: NewBundle): Promise<string> {
  const { name, version } = bundle.manifest;
  const target = join(modelsDirectory, name, version);
  const contents: Record<BundleFile, Buffer> = {
    'pipeline.json': encode(bundle.pipeline),
    'model.onnx': Buffer.from(bundle.model),
    'golden.json': encode(bundle.golden),
    'baseline.json': encode(bundle.baseline),
  };
  const files = Object.fromEntries(BUNDLE_FILES.map((file) => [file, digestOf(contents[file])]));
  const manifest = encode({ ...bundle.manifest, files });
  parseDocument('manifest', manifest.toString(), join(target, 'manifest.json'));
  for (const document of ['pipeline', 'golden', 'baseline'] as const) {
    parseDocument(document, contents[`${document}.json`].toString(), join(target, `${document}.json`));
  }
  await mkdir(join(modelsDirectory, name), { recursive: true });
  await removeLeftovers(join(modelsDirectory, name));
  const temporary = await mkdtemp(join(modelsDirectory, name, `.${version}-`));
  try {
    for (const file of BUNDLE_FILES) await writeSynced(join(temporary, file), contents[file]);
    await writeSynced(join(temporary, 'manifest.json'), manifest);
    // mkdtemp makes it private, but the server may be another user.
    await chmod(temporary, 0o755);
    await syncDirectory(temporary);
    await rename(temporary, target);
    await syncDirectory(join(modelsDirectory, name));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new BundleError(target, 'exists already', 'Versions never change: choose the next number');
    }
    throw error;
  }
  return target;
}

/** Replaces a model's `aliases.json` atomically. */
export async function writeAliases(modelsDirectory: string, name: string, aliases: Aliases): Promise<void> {
  await writeFileAtomic(join(modelsDirectory, name, 'aliases.json'), encode(aliases));
}
