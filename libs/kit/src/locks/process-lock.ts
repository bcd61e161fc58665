import {
  closeSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { isAlive, type ProcessIdentity, thisProcess } from './process-identity.js';

function numbers(directory: string, name: string): number[] {
  return readdirSync(directory)
    .flatMap((file) => {
      const [, stem, number] = /^(.*)\.(\d+)\.lock$/.exec(file) ?? [];
      return stem === name ? [Number(number)] : [];
    })
    .sort((a, b) => b - a);
}

/** Whether a lock file is stale: released, deleted, or left by a process that has ended. */
function isFree(path: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity | null;
    return owner === null || !isAlive(owner);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function freeInPlace(path: string): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, 'null');
    ftruncateSync(file, 'null'.length);
  } finally {
    closeSync(file);
  }
}

/**
 * Acquires an exclusive lock on a folder, held until it is released or this process ends.
 *
 * Lock files are numbered and the highest number holds the lock. A stale lock is never taken over: it is outbid by the
 * next number with `link`, which fails if another process was faster, so two processes cannot both break one lock. The
 * winner checks again, because deleted lower numbers could have let it in below a newer owner.
 *
 * @param name the file is `<name>.<number>.lock`
 * @returns the function that releases it, or `undefined` while another process holds it
 */
export function tryLock(directory: string, name: string): (() => void) | undefined {
  const pathOf = (number: number): string => join(directory, `${name}.${number}.lock`);
  const temporary = join(directory, `.${name}.${randomUUID()}`);
  const write = (owner: ProcessIdentity | null): void => writeFileSync(temporary, JSON.stringify(owner));
  const highest = numbers(directory, name)[0] ?? 0;
  if (highest > 0 && !isFree(pathOf(highest))) return undefined;
  const mine = highest + 1;
  try {
    write(thisProcess());
    linkSync(temporary, pathOf(mine));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  const [last, ...lower] = numbers(directory, name);
  if (last !== mine) {
    rmSync(pathOf(mine), { force: true });
    return undefined;
  }
  for (const number of lower) rmSync(pathOf(number), { force: true });
  return () => {
    try {
      write(null);
      renameSync(temporary, pathOf(mine));
    } catch {
      // A full disk has no space for the temporary file, but the lock file can be overwritten in place.
      rmSync(temporary, { force: true });
      freeInPlace(pathOf(mine));
    }
  };
}
