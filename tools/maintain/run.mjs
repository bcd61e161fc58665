// Runs a command of tools/maintain in the root of the project: `node tools/maintain/run.mjs eslint .`
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { maintainersPackages } from './install.mjs';

const [command, ...args] = process.argv.slice(2);
const options = { stdio: 'inherit', shell: process.platform === 'win32' };
const { status } = spawnSync(join(maintainersPackages().modules, '.bin', command), args, options);
process.exitCode = status ?? 1;
