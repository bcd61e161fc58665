import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './python.mjs';

/** A file for each table, so that one can be measured again alone. */
export const RESULTS = join(CACHE, 'results');

/** What was measured of a table, if it was. */
export function keptResult(name) {
  const file = join(RESULTS, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
