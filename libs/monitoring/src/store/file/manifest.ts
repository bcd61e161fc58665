import { link, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { syncPath } from '#kit';
import type { CountScale } from '../monitor-store.js';

export type Kind = 'predictions' | 'raw' | 'labels' | 'counts';

/** A Parquet file with what belongs to one day. */
export interface StoredFile {
  readonly name: string;
  readonly kind: Kind;
  /** Its start. */
  readonly day: number;
  /** How often it was merged; files of a level are merged into one of the next. */
  readonly level: number;
  /** Of counts. */
  readonly scale?: CountScale;
  readonly rows: number;
  readonly bytes: number;
}

/** What a store consists of besides its segments: what it does not name is not there. */
export interface StoreManifest {
  readonly generation: number;
  readonly files: readonly StoredFile[];
  /** The last batch of each producer that is in the files, and when that was. */
  readonly producers: Readonly<Record<string, { readonly sequence: number; readonly time: number }>>;
  readonly gone: { readonly rows: number; readonly records: number };
  /** Ids that segments may still hold, and since when they are erased. */
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

/** The newest. */
export async function readStoreManifest(folder: string): Promise<StoreManifest> {
  for (;;) {
    const newest = Math.max(0, ...(await generations(folder)));
    if (newest === 0) return EMPTY;
    try {
      return JSON.parse(await readFile(join(folder, nameOf(newest)), 'utf8')) as StoreManifest;
    } catch (error) {
      // A newer one has come, and this one is gone.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/**
 * Makes it the newest, whole or not at all: this is the one step that changes a store.
 *
 * @returns whether it is; not so where somebody else has changed the store meanwhile
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
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code !== 'ENOENT') throw error;
    return instead;
  };

/** Appends a line whole, on one of its own even where the one before was torn. */
export async function appendLine(path: string, value: unknown): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.write(`\n${JSON.stringify(value)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}
