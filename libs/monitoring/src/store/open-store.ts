import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '#kit';
import { FileStore } from './file/file-store.js';
import type { MonitorStore } from './monitor-store.js';

export interface StoreOptions {
  /** A folder, or the URL of a PostgreSQL database. */
  readonly store: string;
  /** Schema of the tables in a database. */
  readonly schema: string;
  /** Size limit of a folder. */
  readonly maxBytes: number;
}

export const isDatabase = (store: string): boolean => /^postgres(?:ql)?:\/\//.test(store);

/** Opens a store. The database client is loaded only where it is needed. */
export async function openStore({ store, schema, maxBytes }: StoreOptions): Promise<MonitorStore> {
  if (!isDatabase(store)) return new FileStore({ folder: store, maxBytes });
  const { PostgresStore } = await import('./postgres/postgres-store.js');
  return PostgresStore.open({ url: store, schema });
}

/**
 * The name of a folder's store, which identifies it wherever it is copied to; generated on first use.
 *
 * @throws InputError where there is no such folder
 */
export async function storeName(folder: string): Promise<string> {
  const path = join(folder, 'name');
  await writeFile(path, randomUUID(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new InputError(`${folder} is not a folder of a store.`);
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(path, 'utf8');
}
