import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ifMissing, type StoreManifest, readStoreManifest, type StoredFile } from './manifest.js';

/** What a store consisted of at one moment. */
export interface StoreSnapshot {
  readonly folder: string;
  readonly manifest: StoreManifest;
  /** Names, in the order in which each producer wrote them. */
  readonly segments: readonly string[];
}

export const segmentsOf = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'segments')).catch(ifMissing<string[]>([]))).filter((n) => n.endsWith('.ndjson')).sort();

/** Segments first: what is moved out of one meanwhile is in the newer manifest, which tells that it is. */
export async function takeSnapshot(folder: string): Promise<StoreSnapshot> {
  const segments = await segmentsOf(folder);
  return { folder, manifest: await readStoreManifest(folder), segments };
}

export const pathOf = (folder: string, { name }: StoredFile): string => join(folder, 'files', name);
