import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawnOwned } from './owned-process.mjs';

const READY_WITHIN_MS = 180_000;

/** Logs go to files, as in production; they go when the benchmark ends. */
const LOGS = mkdtempSync(join(tmpdir(), 'skewless-bench-'));
process.on('exit', () => rmSync(LOGS, { recursive: true, force: true }));

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const node = (path) => ({ command: process.execPath, script: here(path) });

const RUNTIME_LIBRARY = here('../node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1');

/** The first Python that has what the peer needs; it uses the ONNX Runtime that is installed for Node. */
function pythonPeer() {
  const command = ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', 'import fastapi, uvicorn, numpy']).status === 0,
  );
  return command && existsSync(RUNTIME_LIBRARY) && { command, script: here('peers/fastapi_onnx.py') };
}

const PROGRAMS = {
  'raw-http': node('contestants/raw-http.mjs'),
  'stock-nest': node('contestants/stock-nest.mjs'),
  skewless: node('../dist/api/main.js'),
  'fastapi-onnx': pythonPeer(),
};

/** Those that can run on this machine. */
export const CONTESTANTS = Object.keys(PROGRAMS).filter((name) => PROGRAMS[name]);

/** Those the others are compared with. */
export const BASELINES = CONTESTANTS.filter((name) => name !== 'skewless');

/** Starts a contestant on a free port of the loopback; resolves once GET /health/ready answers 200. */
export function startContestant(name, { threads = 1, ...settings } = {}) {
  const { command, script } = PROGRAMS[name];
  if (!existsSync(script)) throw new Error(`${script} does not exist: run npm run build`);
  return startServer(name, command, [script], {
    GRPC_PORT: 0,
    WORKERS: 1,
    INFERENCE_THREADS: threads,
    BATCH_THREADS: threads,
    NODE_ENV: 'production',
    DRAIN_SECONDS: 0,
    ORT_LIBRARY: RUNTIME_LIBRARY,
    ...settings,
  });
}

/** As {@link startContestant}, of any program that listens on HOST and PORT. */
export async function startServer(name, command, args, settings = {}) {
  const port = await freePort();
  const log = logFile(`${name}-${port}`);
  const started = performance.now();
  const child = spawnOwned(command, args, {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: port, ...settings },
    stdio: ['ignore', log.descriptor, log.descriptor],
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not get ready:\n${readFileSync(log.path, 'utf8').slice(-2_000)}`);
    }
    await sleep(5);
  }
  const bootMs = performance.now() - started;
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { name, port, pid: child.pid, bootMs, stop };
}

function logFile(name) {
  const path = join(LOGS, `${name}.log`);
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
