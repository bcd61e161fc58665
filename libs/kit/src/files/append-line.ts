import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncPath } from './sync-path.js';

/** Longer than any line of a journal. */
const TAIL_BYTES = 1_048_576;

const isWhole = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};

/** Returns the separator to write before a new line. A line torn by a power cut is truncated. */
async function repairEnd(file: FileHandle, size: number): Promise<string> {
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  await file.read(tail, 0, tail.length, size - tail.length);
  if (tail.length === 0 || tail.at(-1) === 10) return '';
  const begin = tail.lastIndexOf(10) + 1;
  // A person who edited the file may have left out the final newline.
  if (isWhole(tail.toString('utf8', begin))) return '\n';
  await file.truncate(size - tail.length + begin);
  return '';
}

/** Appends a line of JSON to a journal, atomically and durably (fsync). Creates its folder. */
export async function appendLine(path: string, value: object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  const { size } = await file.stat();
  try {
    await file.appendFile(`${await repairEnd(file, size)}${JSON.stringify(value)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  if (size === 0) await syncPath(dirname(path));
}
