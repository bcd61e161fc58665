import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../contestants.mjs';
import { processCpu } from '../cpu.mjs';
import { environment } from '../environment.mjs';
import { closedLoop } from '../load/closed-loop.mjs';
import { pythonOf } from '../python.mjs';
import { median } from '../statistics.mjs';
import { writePage } from './page.mjs';

/**
 * An imported model of XGBoost of 300 trees, served: beside FastAPI with the real xgboost, and FastAPI with the graph of onnxmltools
 * in ONNX Runtime for Python. First all three must give the same answers. `--page` writes speed.json and its table.
 */
const ROUNDS = 3;
const SECONDS = 1;
const SAME = 2e-6;
const SCENARIOS = [
  { what: 'single, 1 connection', path: '/predict', rows: 1, connections: 1 },
  { what: 'single, 16 connections', path: '/predict', rows: 1, connections: 16 },
  { what: 'batch of 1,000 rows', path: '/predict/batch', rows: 1_000, connections: 2 },
];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'skewless-speed-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const python = pythonOf(here('requirements.txt'), here('../../.cache/models'));
const env = { ...process.env, OMP_NUM_THREADS: '1' };
execFileSync(python, [here('speed_peer.py'), 'train', folder], { env, stdio: ['ignore', 'ignore', 'inherit'] });
const models = join(folder, 'models');
const golden = ['--golden', join(folder, 'answered.csv'), '--models-directory', models];
execFileSync(
  process.execPath,
  [here('../../dist/cli/main.js'), 'import', join(folder, 'model.ubj'), '--name', 'speed', ...golden],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);

const [head, ...lines] = readFileSync(join(folder, 'answered.csv'), 'utf8').trim().split('\n');
const names = head.split(',').slice(0, -1);
const rows = lines.map((line) => line.split(',').map(Number));
const inputs = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));

const STARTS = {
  skewless: () =>
    startServer('skewless', process.execPath, [here('../../dist/api/main.js')], {
      ...{
        MODELS_DIR: models,
        DEFAULT_MODEL: 'speed',
        GRPC_PORT: 0,
        WORKERS: 1,
        NODE_ENV: 'production',
        DRAIN_SECONDS: 0,
      },
      ...{ INFERENCE_THREADS: 1, BATCH_THREADS: 1, SKEWLESS_HOME: folder },
    }),
  'FastAPI + xgboost': () =>
    startServer('xgboost', python, [here('speed_peer.py'), 'xgboost', folder], { OMP_NUM_THREADS: 1 }),
  'FastAPI + onnxmltools': () =>
    startServer('onnxmltools', python, [here('speed_peer.py'), 'onnxmltools', folder], { OMP_NUM_THREADS: 1 }),
};

async function post(port, path, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** What is served must be what xgboost itself answered: told to six digits. */
async function check(name, { port }) {
  const { predictions } = await post(port, '/predict/batch', { instances: inputs });
  const single = await Promise.all(inputs.slice(0, 50).map((input) => post(port, '/predict', input)));
  [...predictions, ...single].forEach(({ probability }, i) => {
    const due = rows[i % rows.length].at(-1);
    if (!(Math.abs(probability - due) < SAME))
      throw new Error(`${name} answers ${probability} to row ${i}, not ${due}`);
  });
}

function requestsOf({ path, rows: count }) {
  const bodies =
    count === 1
      ? inputs.map((input) => JSON.stringify(input))
      : [JSON.stringify({ instances: inputs.slice(0, count) })];
  return bodies.map(
    (body) =>
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

async function sample(scenario, { port, pid }, seconds) {
  const { connections, rows: count } = scenario;
  const observe = () => processCpu(pid);
  const { elapsed, latencies, before, after } = await closedLoop({
    port,
    requests: requestsOf(scenario),
    connections,
    seconds,
    observe,
  });
  const answered = latencies.length * count;
  return { rate: (answered / elapsed) * 1_000, cpu: (after - before) / answered };
}

const started = [];
for (const [name, start] of Object.entries(STARTS)) {
  const server = await start();
  await check(name, server);
  started.push({ name, server });
}
const samples = new Map(SCENARIOS.map(({ what }) => [what, new Map(started.map(({ name }) => [name, []]))]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const scenario of SCENARIOS) {
    for (const turn of started.keys()) {
      const { name, server } = started[(turn + round) % started.length];
      const taken = await sample(scenario, server, SECONDS);
      // The first round warms up.
      if (round > 0) samples.get(scenario.what).get(name).push(taken);
    }
  }
}
for (const { server } of started) await server.stop();

const cells = SCENARIOS.flatMap(({ what }) => {
  const byName = samples.get(what);
  const own = byName.get('skewless');
  return [...byName].map(([contestant, taken]) => ({
    what,
    contestant,
    rate: median(taken.map(({ rate }) => rate)),
    cpu: median(taken.map(({ cpu }) => cpu)),
    ...(contestant !== 'skewless' && {
      ratio: median(taken.map(({ rate }, i) => own[i].rate / rate)),
      cpuRatio: median(taken.map(({ cpu }, i) => cpu / own[i].cpu)),
    }),
  }));
});
for (const cell of cells) console.log(JSON.stringify(cell));
if (process.argv.includes('--page')) {
  writeFileSync(
    new URL('speed.json', import.meta.url),
    `${JSON.stringify({ ...environment(), rounds: ROUNDS, cells }, null, 2)}\n`,
  );
  await writePage();
}
process.exit();
