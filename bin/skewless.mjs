#!/usr/bin/env node
// `npx skewless`: the command line, rebuilt first if the sources have changed.
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';

const { status } = spawnSync(process.execPath, ['tools/build.mjs'], {
  cwd: dirname(import.meta.dirname),
  stdio: ['ignore', 2, 2],
});
if (status === 0) await import('../dist/cli/main.js');
else process.exitCode = status ?? 1;
