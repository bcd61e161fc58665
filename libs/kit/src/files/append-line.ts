import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncPath } from './sync-path.js';

/** More than any line of a journal. */
const TAIL_BYTES = 1_048_576;

const isWhole = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};

/** What must stand between what is there and a new line. What a power cut left of a line is cut off. */
async function mendEnd(file: FileHandle, size: number): Promise<string> {
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  await file.read(tail, 0, tail.length, size - tail.length);
  if (tail.length === 0 || tail.at(-1) === 10) return '';
  const begin = tail.lastIndexOf(10) + 1;
  // A person may have left out the end of the line.
  if (isWhole(tail.toString('utf8', begin))) return '\n';
  await file.truncate(size - tail.length + begin);
  return '';
}

/** Adds a line to a journal of JSON and syncs it: it is there whole or not at all, also after a power cut. Makes its folder. */
export async function appendLine(path: string, value: object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  const { size } = await file.stat();
  try {
    await file.appendFile(`${await mendEnd(file, size)}${JSON.stringify(value)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  if (size === 0) await syncPath(dirname(path));
}
