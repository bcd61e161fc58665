// In the image's build: makes node_modules what the API and the command line need on this platform, no more. `--list`
// names what goes.
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Of these the API serves one file: their own dependencies are inside it. */
const SERVED_FILES = {
  redoc: ['package.json', 'LICENSE', 'bundles/redoc.standalone.js', 'bundles/redoc.standalone.js.LICENSE.txt'],
};

/** What nothing here imports, as a test proves: an optional peer that the build brought, and ECharts for browsers. */
const UNUSED = ['typescript', 'echarts/dist'];

/** Source maps and types: for those who read the code elsewhere. */
const NOT_AT_RUN_TIME = /\.(map|d\.[cm]?ts|tsbuildinfo)$/;

const modules = 'node_modules';
const runtimes = join(modules, 'onnxruntime-node/bin/napi-v6');

const remove = (path) => rmSync(path, { recursive: true, force: true });

function keepServedFiles() {
  for (const [name, files] of Object.entries(SERVED_FILES)) {
    for (const file of files) cpSync(join(modules, name, file), join('.served', name, file));
  }
}

function restoreServedFiles() {
  for (const name of Object.keys(SERVED_FILES)) cpSync(join('.served', name), join(modules, name), { recursive: true });
  remove('.served');
}

function prunePackages() {
  const names = Object.keys(SERVED_FILES).map((name) => `dependencies.${name}`);
  execFileSync('npm', ['pkg', 'delete', ...names], { stdio: 'inherit' });
  execFileSync('npm', ['prune', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: 'inherit' });
}

function keepOwnRuntime() {
  for (const platform of readdirSync(runtimes)) {
    if (platform !== process.platform) remove(join(runtimes, platform));
  }
  for (const architecture of readdirSync(join(runtimes, process.platform))) {
    if (architecture !== process.arch) remove(join(runtimes, process.platform, architecture));
  }
}

function removeNotAtRunTime() {
  for (const folder of [modules, 'dist']) {
    for (const file of readdirSync(folder, { recursive: true }))
      if (NOT_AT_RUN_TIME.test(file)) remove(join(folder, file));
  }
}

if (process.argv.includes('--list')) {
  console.log(UNUSED.join('\n'));
} else {
  keepServedFiles();
  prunePackages();
  restoreServedFiles();
  for (const path of UNUSED) remove(join(modules, path));
  keepOwnRuntime();
  removeNotAtRunTime();
}
