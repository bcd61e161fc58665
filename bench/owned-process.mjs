import { spawn } from 'node:child_process';

const children = new Set();

process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.on(signal, () => process.exit(code));
}

/** Spawns a process that does not outlive this one, however this one ends (but by SIGKILL). */
export function spawnOwned(command, args, options) {
  const child = spawn(command, args, options);
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}
