import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawnOwned } from './owned-process.mjs';

const READY_WITHIN_MS = 30_000;

const SCRIPTS = {
  'raw-http': new URL('contestants/raw-http.mjs', import.meta.url),
  'stock-nest': new URL('contestants/stock-nest.mjs', import.meta.url),
  skewless: new URL('../dist/apps/api/src/main.js', import.meta.url),
};

export const CONTESTANTS = Object.keys(SCRIPTS);

/** Those the others are compared with. */
export const BASELINES = ['raw-http', 'stock-nest'];

/** Starts a contestant on a free port of the loopback; resolves once GET /health/ready answers 200. */
export async function startContestant(name, threads) {
  const script = fileURLToPath(SCRIPTS[name]);
  if (!existsSync(script)) throw new Error(`${script} does not exist: run npm run build`);
  const port = await freePort();
  const log = logFile(name);
  const env = { HOST: '127.0.0.1', PORT: port, WORKERS: 1, INFERENCE_THREADS: threads, NODE_ENV: 'production' };
  const child = spawnOwned(process.execPath, [script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', log.descriptor, log.descriptor],
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${name} did not get ready:\n${readFileSync(log.path, 'utf8').slice(-2_000)}`);
    }
    await sleep(50);
  }
  return { name, port, pid: child.pid };
}

/** Logs go to a file, as in production; the file goes when the benchmark ends. */
function logFile(name) {
  const folder = mkdtempSync(join(tmpdir(), 'skewless-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, `${name}.log`);
  return { path, descriptor: openSync(path, 'w') };
}

async function isReady(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
