import { createHash, type KeyObject } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readRegularFile, type UnreadableFileError } from '#kit';
import {
  type Bundle,
  type BundleFile,
  type FileDigest,
  type Manifest,
  TEXT_BYTES,
  type TensorBundle,
  type TensorManifest,
} from './bundle.js';
import { atPath } from './at-path.js';
import { BundleError } from './bundle.error.js';
import { verifySignature } from './bundle-signature.js';
import { parseDocument } from './bundle-schemas.js';
import { mayHaveExternalData } from './external-data.js';

/** The digest that a manifest records for a file's bytes. */
export function digestOf(bytes: Uint8Array): FileDigest {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/** @throws BundleError also when it is a link, or longer than the limit */
async function readOwnFile(path: string, limitBytes: number): Promise<Buffer> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) throw new BundleError(path, 'does not exist', 'Restore it, or import the version again');
  if (!stats.isFile()) {
    throw new BundleError(
      path,
      'is not a regular file',
      'A bundle contains regular files only, no links: copy the file itself',
    );
  }
  return readRegularFile(path, limitBytes).catch(({ problem }: UnreadableFileError) => {
    throw new BundleError(path, problem, 'Restore it, or import the version again');
  });
}

async function readVerified(directory: string, file: string, expected: FileDigest): Promise<Buffer> {
  const path = join(directory, file);
  const bytes = await readOwnFile(path, expected.bytes);
  const { sha256 } = digestOf(bytes);
  if (sha256 !== expected.sha256) {
    throw new BundleError(
      path,
      `has SHA-256 ${sha256}, but the manifest says ${expected.sha256}`,
      'The file was changed after it was registered: restore it, or register a new version',
    );
  }
  return bytes;
}

/** The model with its external data embedded: ONNX Runtime opens no file. */
async function wholeModel(
  { 'model.onnx': model, ...others }: Readonly<Record<string, Buffer>>,
  path: string,
): Promise<Uint8Array> {
  if (!mayHaveExternalData(model)) return model;
  const { withExternalData } = await import('#onnx');
  return atPath(path, () => withExternalData(model, new Map(Object.entries(others))));
}

/** Whether a manifest describes a model without a pipeline. */
function isTensorKind(text: string): boolean {
  try {
    return (JSON.parse(text) as { kind?: unknown } | null)?.kind === 'tensor';
  } catch {
    return false;
  }
}

/** Parses a manifest of either kind. @throws BundleError when it is malformed */
export function parseManifest(text: string, path: string): Manifest | TensorManifest {
  return parseDocument(isTensorKind(text) ? 'tensor-manifest' : 'manifest', text, path);
}

/**
 * Reads a manifest of either kind.
 *
 * @param publicKey the key that must have signed it; no signature is needed when not given
 * @throws BundleError when it is missing, malformed, unsigned, or names another model or version
 */
export async function readManifest(directory: string, publicKey?: KeyObject): Promise<Manifest | TensorManifest> {
  const manifestPath = join(directory, 'manifest.json');
  const signed = await readOwnFile(manifestPath, TEXT_BYTES);
  if (publicKey) await verifySignature(directory, signed, publicKey);
  const manifest = parseManifest(signed.toString(), manifestPath);
  const [version, name] = [basename(directory), basename(dirname(directory))];
  if (manifest.name !== name || manifest.version !== version) {
    throw new BundleError(
      manifestPath,
      `belongs to ${manifest.name}/${manifest.version}, but is in the folder ${name}/${version}`,
      'Move the folder to its own place; to copy a version, import or register it again',
    );
  }
  return manifest;
}

/**
 * Reads `models/<name>/<version>/` of either kind: verifies every hash and checks every JSON file against its schema.
 *
 * @param publicKey the key that must have signed the manifest, and thereby every file; none is needed when not given
 * @throws BundleError naming the first file that is missing, changed, malformed or unsigned
 */
export async function readAnyBundle(directory: string, publicKey?: KeyObject): Promise<Bundle | TensorBundle> {
  const manifest = await readManifest(directory, publicKey);
  const bytes = Object.fromEntries(
    await Promise.all(
      Object.entries<FileDigest>(manifest.files).map(
        async ([file, digest]) => [file, await readVerified(directory, file, digest)] as const,
      ),
    ),
  ) as Record<BundleFile, Buffer>;
  const model = await wholeModel(bytes, join(directory, 'model.onnx'));
  if ('kind' in manifest) return { directory, manifest, model };
  return {
    directory,
    manifest,
    pipeline: parseDocument('pipeline', bytes['pipeline.json'].toString(), join(directory, 'pipeline.json')),
    golden: parseDocument('golden', bytes['golden.json'].toString(), join(directory, 'golden.json')),
    baseline: parseDocument('baseline', bytes['baseline.json'].toString(), join(directory, 'baseline.json')),
    model,
  };
}

/**
 * Reads a version that has a pipeline.
 *
 * @throws BundleError as {@link readAnyBundle}, and when it has none
 */
export async function readBundle(directory: string): Promise<Bundle> {
  const bundle = await readAnyBundle(directory);
  if ('pipeline' in bundle) return bundle;
  throw new BundleError(
    directory,
    'is a model without a pipeline',
    'Name a version that was trained or imported with one',
  );
}
