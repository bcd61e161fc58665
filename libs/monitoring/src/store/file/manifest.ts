import { link, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { syncPath } from '#kit';
import type { CountScale } from '../monitor-store.js';

export type Kind = 'predictions' | 'raw' | 'labels' | 'counts';

/** A Parquet file with the rows of one kind and day. */
export interface StoredFile {
  readonly name: string;
  readonly kind: Kind;
  /** Start of the day. */
  readonly day: number;
  /** Number of merges; files of a level are merged into one of the next. */
  readonly level: number;
  /** Only of counts. */
  readonly scale?: CountScale;
  readonly rows: number;
  readonly bytes: number;
}

/** The content of a store besides its segments: files that it does not name do not count. */
export interface StoreManifest {
  readonly generation: number;
  readonly files: readonly StoredFile[];
  /** The last batch of each producer that was moved into files, and when. */
  readonly producers: Readonly<Record<string, { readonly sequence: number; readonly time: number }>>;
  readonly gone: { readonly rows: number; readonly records: number };
  /** Erased ids that segments may still contain, and when they were erased. */
  readonly forgotten: readonly { readonly id: string; readonly time: number }[];
}

export const EMPTY: StoreManifest = {
  generation: 0,
  files: [],
  producers: {},
  gone: { rows: 0, records: 0 },
  forgotten: [],
};

const NAME = /^manifest-(\d+)\.json$/;
const nameOf = (generation: number): string => `manifest-${generation}.json`;

async function generations(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(ifMissing<string[]>([]));
  return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
}

/** Reads the newest manifest. */
export async function readStoreManifest(folder: string): Promise<StoreManifest> {
  for (;;) {
    const newest = Math.max(0, ...(await generations(folder)));
    if (newest === 0) return EMPTY;
    try {
      return JSON.parse(await readFile(join(folder, nameOf(newest)), 'utf8')) as StoreManifest;
    } catch (error) {
      // Replaced by a newer one meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/**
 * Commits a manifest atomically: the only step that changes a store.
 *
 * @returns false where another process has committed the same generation
 */
export async function commitManifest(folder: string, manifest: StoreManifest): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.manifest-${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, JSON.stringify(manifest));
    await syncPath(temporary);
    await link(temporary, join(folder, nameOf(manifest.generation)));
    await syncPath(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  for (const old of await generations(folder)) {
    if (old < manifest.generation) await rm(join(folder, nameOf(old)), { force: true });
  }
  return true;
}

export const ifMissing =
  <T>(fallback: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code !== 'ENOENT') throw error;
    return fallback;
  };

/** Appends a line. It starts with a line break too, so that it is intact even where the line before was torn. */
export async function appendLine(path: string, value: unknown): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.write(`\n${JSON.stringify(value)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}
