import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folder = import.meta.dirname;
const modules = join(folder, 'node_modules');
const installed = join(modules, '.installed');

/**
 * Installs the packages pinned by package-lock.json here, unless they are up to date.
 *
 * @returns `require` and `require.resolve` for these packages, and their `node_modules`.
 */
export function maintainersPackages() {
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== digest) {
    console.error('Installing tools/maintain, once ...');
    const options = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' };
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], options);
    if (status !== 0) throw new Error('tools/maintain could not be installed: it needs a package registry');
    writeFileSync(installed, digest);
  }
  return { require: createRequire(join(folder, 'package.json')), modules };
}
