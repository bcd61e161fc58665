import { join } from 'node:path';
import { writeFile } from '#kit';
import {
  type Aliases,
  type Bundle,
  type BundleFile,
  type Manifest,
  MODEL_CARD,
  type TensorBundle,
  type TensorManifest,
} from './bundle.js';
import { parseDocument } from './bundle-schemas.js';
import { digestOf } from './read-bundle.js';
import { placeVersion, writeVersion } from './write-version.js';

/** The parts of a new version; the hashes are computed here. */
export interface NewBundle extends Omit<Bundle, 'directory' | 'manifest'> {
  readonly manifest: Omit<Manifest, 'files'>;
  /** HTML of the page for people. */
  readonly card?: string;
}

/** The same for a model without a pipeline. */
export interface NewTensorBundle extends Omit<TensorBundle, 'directory' | 'manifest'> {
  readonly manifest: Omit<TensorManifest, 'files'>;
}

const encode = (document: object): Buffer => Buffer.from(`${JSON.stringify(document, null, 1)}\n`);

/** A version ready to be written: its files without the manifest, and the manifest with their hashes. */
export interface PackedBundle<M extends Manifest | TensorManifest = Manifest | TensorManifest> {
  readonly manifest: M;
  readonly contents: Readonly<Record<string, Buffer>>;
}

function pack<M extends Manifest | TensorManifest>(
  manifest: Omit<M, 'files'>,
  contents: Readonly<Record<string, Buffer>>,
): PackedBundle<M> {
  const files = Object.fromEntries(Object.entries(contents).map(([file, bytes]) => [file, digestOf(bytes)]));
  return { manifest: { ...manifest, files } as unknown as M, contents };
}

/** Encodes and hashes a new version without writing it. */
export function packBundle({ manifest, pipeline, model, golden, baseline, card }: NewBundle): PackedBundle<Manifest> {
  const contents: Record<BundleFile, Buffer> & Record<string, Buffer> = {
    'pipeline.json': encode(pipeline),
    'model.onnx': Buffer.from(model),
    'golden.json': encode(golden),
    'baseline.json': encode(baseline),
    ...(card !== undefined && { [MODEL_CARD]: Buffer.from(card) }),
  };
  return pack<Manifest>(manifest, contents);
}

/** As {@link packBundle}, for a model without a pipeline. */
export const packTensorBundle = ({ manifest, model }: NewTensorBundle): PackedBundle<TensorManifest> =>
  pack<TensorManifest>(manifest, { 'model.onnx': Buffer.from(model) });

/**
 * Writes a version atomically.
 *
 * @param modelsDirectory the folder that holds `<name>/<version>/`
 * @param place moves the version to its final folder
 * @returns the folder of the new version
 * @throws BundleError when the version exists already (versions never change), or could not be read back
 */
export async function writePacked(
  modelsDirectory: string,
  { manifest, contents }: PackedBundle,
  place = placeVersion,
): Promise<string> {
  const { name, version } = manifest;
  const target = join(modelsDirectory, name, version);
  const encoded = encode(manifest);
  const schema = 'kind' in manifest ? 'tensor-manifest' : 'manifest';
  parseDocument(schema, encoded.toString(), join(target, 'manifest.json'));
  for (const document of ['pipeline', 'golden', 'baseline'] as const) {
    const bytes = contents[`${document}.json`];
    if (bytes) parseDocument(document, bytes.toString(), join(target, `${document}.json`));
  }
  return writeVersion(join(modelsDirectory, name), version, { ...contents, 'manifest.json': encoded }, place);
}

/** Packs and writes a version. @throws BundleError as {@link writePacked} */
export async function writeBundle(modelsDirectory: string, bundle: NewBundle): Promise<string> {
  return writePacked(modelsDirectory, packBundle(bundle));
}

/** As {@link writeBundle}, for a model without a pipeline. */
export async function writeTensorBundle(
  modelsDirectory: string,
  bundle: NewTensorBundle,
  place = placeVersion,
): Promise<string> {
  return writePacked(modelsDirectory, packTensorBundle(bundle), place);
}

/** Replaces a model's `aliases.json` atomically. */
export async function writeAliases(modelsDirectory: string, name: string, aliases: Aliases): Promise<void> {
  await writeFile(join(modelsDirectory, name, 'aliases.json'), encode(aliases));
}
