import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Aliases, Bundle, BundleFile, Manifest, TensorBundle, TensorManifest } from './bundle.js';
import { parseDocument } from './bundle-schemas.js';
import { digestOf } from './read-bundle.js';
import { placeVersion, writeVersion } from './write-version.js';

/** What a new version consists of; hashes are taken here. */
export interface NewBundle extends Omit<Bundle, 'directory' | 'manifest'> {
  readonly manifest: Omit<Manifest, 'files'>;
}

/** The same for a model without a pipeline. */
export interface NewTensorBundle extends Omit<TensorBundle, 'directory' | 'manifest'> {
  readonly manifest: Omit<TensorManifest, 'files'>;
}

const encode = (document: object): Buffer => Buffer.from(`${JSON.stringify(document, null, 1)}\n`);

const digestsOf = (contents: Readonly<Record<string, Buffer>>): object =>
  Object.fromEntries(Object.entries(contents).map(([file, bytes]) => [file, digestOf(bytes)]));

/**
 * Writes a version so that it is there whole or not at all.
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
  const manifest = encode({ ...bundle.manifest, files: digestsOf(contents) });
  parseDocument('manifest', manifest.toString(), join(target, 'manifest.json'));
  for (const document of ['pipeline', 'golden', 'baseline'] as const) {
    parseDocument(document, contents[`${document}.json`].toString(), join(target, `${document}.json`));
  }
  return writeVersion(join(modelsDirectory, name), version, { ...contents, 'manifest.json': manifest });
}

/** As {@link writeBundle}, for a model without a pipeline. @param place how a version gets into its place */
export async function writeTensorBundle(
  modelsDirectory: string,
  bundle: NewTensorBundle,
  place = placeVersion,
): Promise<string> {
  const { name, version } = bundle.manifest;
  const contents = { 'model.onnx': Buffer.from(bundle.model) };
  const manifest = encode({ ...bundle.manifest, files: digestsOf(contents) });
  parseDocument('tensor-manifest', manifest.toString(), join(modelsDirectory, name, version, 'manifest.json'));
  return writeVersion(join(modelsDirectory, name), version, { ...contents, 'manifest.json': manifest }, place);
}

/** Replaces a model's `aliases.json` atomically. */
export async function writeAliases(modelsDirectory: string, name: string, aliases: Aliases): Promise<void> {
  await writeFileAtomic(join(modelsDirectory, name, 'aliases.json'), encode(aliases));
}
