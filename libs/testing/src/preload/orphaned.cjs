/**
 * Preloaded into a worker and all that it begins (`NODE_OPTIONS=--require`): the training (`run`) kills the worker and the command that
 * began that as the kernel would, and goes on without them. It does so once ORPHANED_BY is there, before it changes a file again.
 */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { isMainThread } = require('node:worker_threads');

const { ORPHANED_BY } = process.env;
let isOrphaned = false;

function orphan() {
  if (isOrphaned || !fs.existsSync(ORPHANED_BY)) return;
  isOrphaned = true;
  const worker = process.ppid;
  const command = Number(
    execFileSync('ps', ['-o', 'ppid=', '-p', String(worker)], { env: { PATH: process.env.PATH } }),
  );
  for (const pid of [worker, command]) process.kill(pid, 'SIGKILL');
}

if (isMainThread && process.argv[2] === 'run') {
  for (const module of [fs, fs.promises]) {
    for (const name of ['open', 'mkdir', 'mkdtemp', 'rename', 'rm', 'unlink', 'writeFile']) {
      const operation = module[name];
      module[name] = (...args) => {
        orphan();
        return operation.apply(module, args);
      };
    }
  }
  syncBuiltinESMExports();
}
