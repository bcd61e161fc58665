import { open, stat } from 'node:fs/promises';
import { InputError } from '#kit';
import { type CsvHead, readCsvHead } from './csv-header.js';

/** A file of rows; its format is detected by its contents, not by its name. */
export type DataSource = { readonly path: string; readonly bytes: number } & (
  (CsvHead & { readonly format: 'csv' }) | { readonly format: 'parquet' }
);

/** The first and last four bytes of every Parquet file. */
const PARQUET_MAGIC = 'PAR1';

async function firstFour(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'reading it is not permitted',
  ENOTDIR: 'part of its path is not a folder',
};

/** @throws InputError when `path` is no file of rows */
export async function openDataSource(path: string): Promise<DataSource> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new InputError(`${path} is a folder or device; name a CSV or Parquet file.`);
    if (found.size === 0) throw new InputError(`${path} is empty.`);
    const bytes = found.size;
    if ((await firstFour(path)) === PARQUET_MAGIC) return { path, bytes, format: 'parquet' };
    if (path.endsWith('.parquet')) throw new InputError(`${path} is not a Parquet file, despite its name.`);
    return { path, bytes, format: 'csv', ...(await readCsvHead(path)) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`${path} cannot be read: ${REASONS[code] ?? message}.`);
  }
}
