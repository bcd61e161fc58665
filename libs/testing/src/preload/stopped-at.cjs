/**
 * Preloaded into a process (`node --require`), sends it SIGINT, as Ctrl-C does, when its STOP_LISTENER-th listener for that
 * comes. Then, or with STOP_AT just before the file operation that it counts to: the first that would change something
 * below STOP_BELOW is 1. Nothing depends on how fast the machine is.
 */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { resolve } = require('node:path');

const { STOP_LISTENER, STOP_AT, STOP_BELOW } = process.env;
const stop = () => process.kill(process.pid, 'SIGINT');
let listeners = 0;
let operations = 0;

process.on('newListener', function arm(event) {
  if (event !== 'SIGINT' || ++listeners < Number(STOP_LISTENER)) return;
  process.off('newListener', arm);
  if (STOP_AT === '0') stop();
});

function counted(operation) {
  return function (...args) {
    const changes = operation.name !== 'open' || /[wa+]/.test(String(args[1] ?? 'r'));
    if (changes && resolve(String(args[0])).startsWith(STOP_BELOW) && ++operations === Number(STOP_AT)) stop();
    return operation.apply(this, args);
  };
}

for (const module of [fs, fs.promises]) {
  for (const name of ['open', 'mkdir', 'mkdtemp', 'rename', 'rm', 'unlink', 'writeFile']) {
    module[name] = counted(module[name]);
  }
}
syncBuiltinESMExports();
