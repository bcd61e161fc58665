import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectory } from '#kit';

/** The bytes up to the last complete line. */
function readWhole(path: string): Buffer {
  try {
    const bytes = readFileSync(path);
    return bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

const parse = <T>(bytes: Buffer): T[] =>
  bytes
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);

/** Reads a journal that another process may be writing: an incomplete last line is ignored. */
export const readJournal = <T>(path: string): T[] => parse<T>(readWhole(path));

/** An append-only file of JSON lines. An entry is on disk when `append` returns. */
export class Journal<T> {
  private constructor(
    private readonly file: number,
    private size: number,
    private readonly written: T[],
  ) {}

  /** Opens or creates it, and truncates a last line torn by a crash. Only one process may have it open. */
  static open<T>(path: string): Journal<T> {
    const bytes = readWhole(path);
    const file = openSync(path, 'a');
    ftruncateSync(file, bytes.length);
    syncDirectory(dirname(path));
    return new Journal(file, bytes.length, parse<T>(bytes));
  }

  /** All entries so far; grows with `append`. */
  get entries(): readonly T[] {
    return this.written;
  }

  append(...entries: readonly T[]): void {
    const bytes = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    try {
      writeFileSync(this.file, bytes);
      fdatasyncSync(this.file);
    } catch (error) {
      // A partial line must not prefix the next one.
      ftruncateSync(this.file, this.size);
      throw error;
    }
    this.size += bytes.length;
    for (const entry of entries) this.written.push(entry);
  }

  close(): void {
    closeSync(this.file);
  }
}
