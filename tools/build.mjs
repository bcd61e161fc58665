// Builds the API and the command line into dist, unless they are up to date: `npm run build`, and before every script
// that runs them.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepOwnRuntime } from './keep-own-runtime.mjs';

const FOLDERS = ['apps', 'libs', 'config'];
/** Settings and texts are read from their source location. */
const NOT_BUILT = /\.(spec\.ts|ya?ml|md)$/;
const FILES = ['package.json', 'package-lock.json', 'tools/compile.mjs'];
const BUILT = 'dist/built';

/** A digest of all inputs of the build. */
function inputs() {
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !NOT_BUILT.test(entry.name))
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  const hash = createHash('sha256');
  for (const file of [...FILES, ...sources.sort()]) {
    const content = readFileSync(file);
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** On stderr, because another program may read the command's stdout. */
function step(what, ...command) {
  console.error(`${what} ...`);
  const { status, signal } = spawnSync(process.execPath, command, { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(signal === null ? status : 1);
}

const digest = inputs();
if (!existsSync(BUILT) || readFileSync(BUILT, 'utf8') !== digest) {
  rmSync(BUILT, { force: true });
  const begin = performance.now();
  step('Building: compiling TypeScript', 'tools/compile.mjs');
  step('Building: bundling the apps', 'apps/bundle.mjs');
  keepOwnRuntime();
  writeFileSync(BUILT, digest);
  console.error(`Built in ${((performance.now() - begin) / 1000).toFixed(0)} s.`);
}
