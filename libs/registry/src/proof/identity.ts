import { createHash } from 'node:crypto';
import type { Manifest, TensorManifest } from '#bundle';

/** Hash of a version's manifest, and so of every file. */
export const identityOf = (manifest: Manifest | TensorManifest): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
