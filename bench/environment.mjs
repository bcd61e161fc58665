import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

const git = (...args) => execFileSync('git', ['--no-optional-locks', ...args], { cwd: import.meta.dirname }).toString();

/** Where and on what the numbers were taken. */
export function environment() {
  return {
    date: new Date().toISOString(),
    commit: git('rev-parse', 'HEAD').trim(),
    hasUncommittedChanges: git('status', '--porcelain').trim() !== '',
    node: process.version,
    cpu: cpus()[0].model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadAverage: loadavg()[0],
  };
}
