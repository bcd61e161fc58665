// Used in the image's build: reduces node_modules to what the API and the command line need on this platform. `--list`
// prints what would be removed.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { keepOwnRuntime } from '../tools/keep-own-runtime.mjs';

/**
 * Packages that nothing here imports, as a test proves: an optional peer that the build installed, and ECharts for
 * browsers.
 */
const UNUSED = ['typescript', 'echarts/dist'];

/** Source maps and types, which are not needed at run time. */
const NOT_AT_RUN_TIME = /\.(map|d\.[cm]?ts|tsbuildinfo)$/;

const modules = 'node_modules';

const remove = (path) => rmSync(path, { recursive: true, force: true });

function removeNotAtRunTime() {
  for (const folder of [modules, 'dist']) {
    for (const file of readdirSync(folder, { recursive: true }))
      if (NOT_AT_RUN_TIME.test(file)) remove(join(folder, file));
  }
}

if (process.argv.includes('--list')) {
  console.log(UNUSED.join('\n'));
} else {
  execFileSync('npm', ['prune', '--omit=dev', '--no-audit', '--no-fund'], { stdio: 'inherit' });
  for (const path of UNUSED) remove(join(modules, path));
  keepOwnRuntime();
  removeNotAtRunTime();
}
