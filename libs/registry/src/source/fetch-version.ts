import { copyFile, link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile } from '#kit';
import {
  BundleError,
  type FileDigest,
  type Manifest,
  parseManifest,
  placeVersion,
  replaceVersion,
  SIGNATURE,
  type TensorManifest,
  TEXT_BYTES,
} from '#bundle';
import type { BlobStore } from './blob-store.js';
import { missing, readWhole, type RemoteFolder } from './remote-folder.js';

/** The cache of fetched versions. */
export interface SourceCache {
  /** Has the layout of a models folder. */
  readonly models: string;
  readonly blobs: BlobStore;
  /** Whether signatures are fetched too. */
  readonly areSigned: boolean;
  /** Reserves a model's name for the source being read. @throws BundleError when another source has it */
  readonly claim: (name: string) => void;
}

const MANIFEST = 'manifest.json';

/** A hard link where the file system supports them, else a copy. */
async function place(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

/**
 * Fetches a version of either kind unless it is cached. Every file is verified before the version appears, atomically.
 *
 * @param path of the version within the folder; empty for the folder itself
 * @param mayChange whether a different version of the same number replaces the cached one
 * @throws BundleError when it is missing, incomplete, or differs from the cached one of the same number
 */
export async function fetchVersion(
  folder: RemoteFolder,
  path: string,
  { models, blobs, areSigned, claim }: SourceCache,
  mayChange = false,
): Promise<Manifest | TensorManifest> {
  const at = (file: string): string => (path ? `${path}/${file}` : file);
  const location = folder.locate(at(MANIFEST));
  const text = await readWhole(folder, at(MANIFEST));
  if (!text) throw missing(location);
  const manifest = parseManifest(text.toString(), location);
  const { name, version } = manifest;
  claim(name);
  const before = (): Promise<Buffer | undefined> =>
    readRegularFile(join(models, name, version, MANIFEST), TEXT_BYTES).catch(() => undefined);
  const known = await before();
  if (known && !(mayChange && !known.equals(text))) return unchanged(known, text, manifest, location);

  const signature = areSigned ? await readWhole(folder, at(SIGNATURE)) : undefined;
  const files: [string, string][] = [];
  for (const [file, digest] of Object.entries<FileDigest>(manifest.files)) {
    files.push([file, await blobs.fetch(folder, at(file), digest)]);
  }
  try {
    await (mayChange ? replaceVersion : placeVersion)(join(models, name), version, async (target) => {
      for (const [file, blob] of files) await place(blob, join(target, file));
      if (signature) await writeFile(join(target, SIGNATURE), signature, { flag: 'wx', flush: true });
      await writeFile(join(target, MANIFEST), text, { flag: 'wx', flush: true });
    });
  } catch (error) {
    // Another worker of this server may have been faster.
    const placed = await before();
    if (!placed) throw error;
    return unchanged(placed, text, manifest, location);
  }
  return manifest;
}

function unchanged<T>(known: Buffer, text: Buffer, manifest: T, location: string): T {
  if (known.equals(text)) return manifest;
  throw new BundleError(
    location,
    'differs from what was fetched before',
    'Versions never change: publish a new number',
  );
}
