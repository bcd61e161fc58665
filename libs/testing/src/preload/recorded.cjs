/**
 * Preloaded into a process (`node --require`), copies RECORD_BELOW to a folder of RECORD_TO before each file operation that
 * would change something below it: 1, 2, 3 ... are what the disk would hold had the kernel killed the process just then. With
 * RECORD_WRITES also before each write to an open file and each sync, and before what is done synchronously.
 */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { join } = require('node:path');

const { RECORD_BELOW, RECORD_TO, RECORD_WRITES } = process.env;
const { cpSync } = fs;
/** Paths of open files below it. */
const opened = new Map();
let operations = 0;
let isRecording = false;

const isBelow = (path) => String(path).startsWith(RECORD_BELOW);

function record() {
  if (isRecording) return;
  // The copy is made by operations of the same kind.
  isRecording = true;
  cpSync(RECORD_BELOW, join(RECORD_TO, String(++operations)), { recursive: true, preserveTimestamps: true });
  isRecording = false;
}

function recorded(operation) {
  return function (...args) {
    const changes = !operation.name.startsWith('open') || /[wa+]/.test(String(args[1] ?? 'r'));
    if (changes && isBelow(args[0])) record();
    return operation.apply(this, args);
  };
}

/** Of a file that is open. */
function recordedOf(operation, pathOf) {
  return function (...args) {
    if (isBelow(pathOf(this, args))) record();
    return operation.apply(this, args);
  };
}

for (const module of [fs, fs.promises]) {
  for (const name of ['open', 'mkdir', 'mkdtemp', 'rename', 'chmod', 'chown', 'rm', 'unlink', 'writeFile']) {
    module[name] = recorded(module[name]);
  }
}

if (RECORD_WRITES) {
  for (const name of ['writeFileSync', 'linkSync', 'renameSync', 'rmSync', 'mkdirSync']) fs[name] = recorded(fs[name]);
  const { open } = fs;
  fs.open = (path, ...rest) => {
    const done = rest.pop();
    open(path, ...rest, (error, fd) => {
      if (!error) opened.set(fd, path);
      done(error, fd);
    });
  };
  for (const name of ['write', 'fsync']) fs[name] = recordedOf(fs[name], (_, [fd]) => opened.get(fd) ?? '');
  const paths = new WeakMap();
  const { open: openHandle } = fs.promises;
  let isWrapped = false;
  fs.promises.open = async (path, ...rest) => {
    const file = await openHandle(path, ...rest);
    paths.set(file, path);
    if (!isWrapped) {
      isWrapped = true;
      const prototype = Object.getPrototypeOf(file);
      for (const name of ['appendFile', 'writeFile', 'write', 'sync', 'datasync', 'truncate']) {
        prototype[name] = recordedOf(prototype[name], (handle) => paths.get(handle) ?? '');
      }
    }
    return file;
  };
}
syncBuiltinESMExports();
