import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** Whether the lock of this number binds nobody: released, deleted, or left by a process that is no more. */
function isFree(path: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity | null;
    return owner === null || !isAlive(owner);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/**
 * Takes the right to do something in a folder, for as long as this process lives or until it is released.
 *
 * Locks are numbered and the highest one counts. A free lock is never taken over, it is outbid by the next number,
 * with `link`, which fails when somebody else was faster; so a stale lock cannot be broken by two processes at once.
 * Who has linked a number looks again: deleted lower numbers could have let it in below a newer owner.
 *
 * @param name of what it is the right to; the file is `<name>.<number>.lock`
 * @returns what releases it, or `undefined` while somebody else has it
 */
export function tryLock(directory: string, name: string): (() => void) | undefined {
  const pathOf = (number: number): string => join(directory, `${name}.${number}.lock`);
  const temporary = join(directory, `.${name}.${randomUUID()}`);
  const write = (owner: ProcessIdentity | null): void => writeFileSync(temporary, JSON.stringify(owner));
  const highest = numbers(directory, name)[0] ?? 0;
  if (highest > 0 && !isFree(pathOf(highest))) return undefined;
  const mine = highest + 1;
  write(thisProcess());
  try {
    linkSync(temporary, pathOf(mine));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  } finally {
    rmSync(temporary);
  }
  const [last, ...lower] = numbers(directory, name);
  if (last !== mine) {
    rmSync(pathOf(mine), { force: true });
    return undefined;
  }
  for (const number of lower) rmSync(pathOf(number), { force: true });
  return () => {
    write(null);
    renameSync(temporary, pathOf(mine));
  };
}
