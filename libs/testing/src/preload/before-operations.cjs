/** Calls somebody before each file operation that would change something below a folder: each is a moment at which a process may be killed. */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

/**
 * @param below paths begin with it
 * @param withWrites also before each write to an open file and each sync, and before what is done synchronously
 */
exports.beforeOperations = (below, withWrites, call) => {
  const isBelow = (path) => String(path).startsWith(below);
  const told = (operation) =>
    function (...args) {
      const changes = !operation.name.startsWith('open') || /[wa+]/.test(String(args[1] ?? 'r'));
      if (changes && isBelow(args[0])) call();
      return operation.apply(this, args);
    };
  const names = ['open', 'mkdir', 'mkdtemp', 'rename', 'link', 'chmod', 'chown', 'rm', 'unlink', 'writeFile'];
  for (const module of [fs, fs.promises]) for (const name of names) module[name] = told(module[name]);
  if (withWrites) {
    for (const name of ['writeFileSync', 'linkSync', 'renameSync', 'rmSync', 'mkdirSync']) fs[name] = told(fs[name]);
    tellOfOpenFiles((path) => isBelow(path) && call());
  }
  syncBuiltinESMExports();
};

function tellOfOpenFiles(call) {
  const opened = new Map();
  const paths = new WeakMap();
  const toldOf = (operation, pathOf) =>
    function (...args) {
      call(pathOf(this, args));
      return operation.apply(this, args);
    };
  const { open } = fs;
  fs.open = (path, ...rest) => {
    const done = rest.pop();
    open(path, ...rest, (error, fd) => {
      if (!error) opened.set(fd, path);
      done(error, fd);
    });
  };
  for (const name of ['write', 'fsync']) fs[name] = toldOf(fs[name], (_, [fd]) => opened.get(fd));
  const { open: openHandle } = fs.promises;
  let isWrapped = false;
  fs.promises.open = async (path, ...rest) => {
    const file = await openHandle(path, ...rest);
    paths.set(file, path);
    if (!isWrapped) {
      isWrapped = true;
      const prototype = Object.getPrototypeOf(file);
      for (const name of ['appendFile', 'writeFile', 'write', 'sync', 'datasync', 'truncate']) {
        prototype[name] = toldOf(prototype[name], (handle) => paths.get(handle));
      }
    }
    return file;
  };
}
