import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** All that a folder holds, in one text. */
const treeOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? name : `${name} ${readFileSync(path, 'base64')}`;
    })
    .join('\n');

/** The folders 1, 2, 3 ... that preload/recorded.cjs has written: what a process leaves if it is killed at each of its operations. */
export const recordedStates = (folder: string): string[] =>
  Array.from(readdirSync(folder), (_, n) => join(folder, String(n + 1)));

/** Those that differ from the one before: what is the same needs no second look. */
export const differentStates = (states: readonly string[]): string[] =>
  states.filter((state, n) => n === 0 || treeOf(state) !== treeOf(states[n - 1]));
