/**
 * Preloaded into a process (`node --require`), sends it SIGINT, as Ctrl-C does, once its STOP_LISTENER-th listener for
 * SIGINT is added: at once if STOP_AT is 0, else just before its STOP_AT-th file operation that changes something below
 * STOP_BELOW. Nothing depends on the speed of the machine.
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
