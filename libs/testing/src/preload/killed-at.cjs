/**
 * Preloaded into a process (`node --require`), kills it as the kernel would, just before the file operation that KILL_AT
 * counts to: the first that would change something below KILL_BELOW is 1. Every point between two changes can be tried.
 */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { KILL_AT, KILL_BELOW } = process.env;
let operations = 0;

function counted(operation) {
  return function (...args) {
    const changes = operation.name !== 'open' || /[wa+]/.test(String(args[1] ?? 'r'));
    if (changes && String(args[0]).startsWith(KILL_BELOW) && ++operations === Number(KILL_AT)) {
      process.kill(process.pid, 'SIGKILL');
    }
    return operation.apply(this, args);
  };
}

for (const module of [fs, fs.promises]) {
  for (const name of ['open', 'mkdir', 'mkdtemp', 'rename', 'link', 'chmod', 'chown', 'rm', 'unlink', 'writeFile']) {
    module[name] = counted(module[name]);
  }
}
syncBuiltinESMExports();
