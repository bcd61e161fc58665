import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors/user.error.js';

/**
 * Finds the folder of this project's package.json, from the sources or from `dist/`.
 *
 * @param start the folder to search from, upwards
 * @throws UserError where there is none, such as when the project was removed under a running process
 */
export function projectRoot(start = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder))
      throw new UserError(`No package.json in ${start} or above it: is the project still there?`);
  }
}
