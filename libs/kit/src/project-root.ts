import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors/user.error.js';

/**
 * The folder of this project's package.json, whether this runs from the sources or from `dist/`.
 *
 * @param start where to begin, upwards from there
 * @throws UserError where there is none, as when the project was removed under a process that runs
 */
export function projectRoot(start = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder))
      throw new UserError(`No package.json in ${start} or above it: is the project still there?`);
  }
}
