/**
 * Preloaded into a worker and all that it starts (`NODE_OPTIONS=--require`): once the file ORPHANED_BY exists, its training (`run`)
 * kills the worker and the command that started that with SIGKILL, before it changes a file again, and goes on without them.
 */
const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');
const { beforeOperations } = require('./before-operations.cjs');

const { ORPHANED_BY } = process.env;
let isOrphaned = false;

function orphan() {
  if (isOrphaned || !existsSync(ORPHANED_BY)) return;
  isOrphaned = true;
  const worker = process.ppid;
  const command = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(worker)]));
  for (const pid of [worker, command]) process.kill(pid, 'SIGKILL');
}

if (isMainThread && process.argv[2] === 'run') beforeOperations('', false, orphan);
