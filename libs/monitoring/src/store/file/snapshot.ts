import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ifMissing, type StoreManifest, readStoreManifest, type StoredFile } from './manifest.js';

/** The content of a store at one moment. */
export interface StoreSnapshot {
  readonly folder: string;
  readonly manifest: StoreManifest;
  /** Names, in the order in which each producer wrote them. */
  readonly segments: readonly string[];
}

export const segmentsOf = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'segments')).catch(ifMissing<string[]>([]))).filter((n) => n.endsWith('.ndjson')).sort();

/** Lists the segments first: what maintenance moves out of them meanwhile is in the manifest, which is read after. */
export async function takeSnapshot(folder: string): Promise<StoreSnapshot> {
  const segments = await segmentsOf(folder);
  return { folder, manifest: await readStoreManifest(folder), segments };
}

export const pathOf = (folder: string, { name }: StoredFile): string => join(folder, 'files', name);
