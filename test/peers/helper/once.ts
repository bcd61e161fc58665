import { mkdirSync } from 'node:fs';
import { tryLock } from '#kit';

/** Where what is installed lies between runs. */
export const CACHE = '.cache/peers';
const LOOK_MILLISECONDS = 200;

/**
 * Makes what several spec files share, in one process at a time: the others wait, and find it made.
 *
 * @param name of what is made; of all that is installed by the same program, which may not run twice at once
 */
export function once(name: string, isMade: () => boolean, make: () => void): void {
  mkdirSync(CACHE, { recursive: true });
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  while (!isMade()) {
    const release = tryLock(CACHE, name);
    if (!release) {
      Atomics.wait(sleeper, 0, 0, LOOK_MILLISECONDS);
      continue;
    }
    try {
      if (!isMade()) make();
    } finally {
      release();
    }
  }
}
