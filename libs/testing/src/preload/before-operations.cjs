/**
 * Calls back before each file operation that changes something below a folder: a process may be killed at any of them.
 */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

/**
 * @param below prefix of the paths
 * @param withWrites also before each write to an open file, each sync, and synchronous operations
 */
exports.beforeOperations = (below, withWrites, call) => {
  const isBelow = (path) => String(path).startsWith(below);
  const hooked = (operation) =>
    function (...args) {
      const changes = !operation.name.startsWith('open') || /[wa+]/.test(String(args[1] ?? 'r'));
      if (changes && isBelow(args[0])) call();
      return operation.apply(this, args);
    };
  const names = ['open', 'mkdir', 'mkdtemp', 'rename', 'link', 'chmod', 'chown', 'rm', 'unlink', 'writeFile'];
  for (const module of [fs, fs.promises]) for (const name of names) module[name] = hooked(module[name]);
  if (withWrites) {
    for (const name of ['writeFileSync', 'linkSync', 'renameSync', 'rmSync', 'mkdirSync']) fs[name] = hooked(fs[name]);
    hookOpenFiles((path) => isBelow(path) && call());
  }
  syncBuiltinESMExports();
};

function hookOpenFiles(call) {
  const opened = new Map();
  const paths = new WeakMap();
  const hookedOn = (operation, pathOf) =>
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
  for (const name of ['write', 'fsync']) fs[name] = hookedOn(fs[name], (_, [fd]) => opened.get(fd));
  const { open: openHandle } = fs.promises;
  let isWrapped = false;
  fs.promises.open = async (path, ...rest) => {
    const file = await openHandle(path, ...rest);
    paths.set(file, path);
    if (!isWrapped) {
      isWrapped = true;
      const prototype = Object.getPrototypeOf(file);
      for (const name of ['appendFile', 'writeFile', 'write', 'sync', 'datasync', 'truncate']) {
        prototype[name] = hookedOn(prototype[name], (handle) => paths.get(handle));
      }
    }
    return file;
  };
}
