/**
 * Preloaded into a process (`node --require`), copies RECORD_BELOW to a folder of RECORD_TO before each file operation that
 * would change something below it: 1, 2, 3 ... are what the disk would hold had the kernel killed the process just then.
 */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { join } = require('node:path');

const { RECORD_BELOW, RECORD_TO } = process.env;
const { cpSync } = fs;
let operations = 0;

function recorded(operation) {
  return function (...args) {
    const changes = operation.name !== 'open' || /[wa+]/.test(String(args[1] ?? 'r'));
    if (changes && String(args[0]).startsWith(RECORD_BELOW)) {
      cpSync(RECORD_BELOW, join(RECORD_TO, String(++operations)), { recursive: true, preserveTimestamps: true });
    }
    return operation.apply(this, args);
  };
}

for (const module of [fs, fs.promises]) {
  for (const name of ['open', 'mkdir', 'mkdtemp', 'rename', 'chmod', 'chown', 'rm', 'unlink', 'writeFile']) {
    module[name] = recorded(module[name]);
  }
}
syncBuiltinESMExports();
