import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawnOwned } from './owned-process.mjs';
import { readInstances } from './requests.mjs';
import { ascending, quantile } from './statistics.mjs';

// How long GET /health/live takes while batches of 100,000 rows are computed: `node bench/liveness.mjs [batches]`.

const ROWS = 100_000;
const PAUSE_MS = 5;
const url = 'http://127.0.0.1:8765';

const server = spawnOwned(process.execPath, [fileURLToPath(new URL('../dist/apps/api/src/main.js', import.meta.url))], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, PORT: '8765', HOST: '127.0.0.1', DRAIN_SECONDS: '0' },
});
const ready = () =>
  fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
while (!(await ready())) await sleep(50);

const instances = readInstances();
const body = Buffer.from(
  JSON.stringify({ instances: Array.from({ length: ROWS }, (_, i) => instances[i % instances.length]) }),
);
const latencies = [];
const batches = Number(process.argv[2] ?? 5);
let under_way = true;

async function postBatches() {
  for (let i = 0; i < batches; i++) {
    const started = performance.now();
    const answer = await fetch(`${url}/predict/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    // Reading without parsing: this process must not be what the probe waits for.
    for await (const _ of answer.body);
    if (answer.status !== 200) throw new Error(`The batch was answered ${answer.status}`);
    console.log(`batch of ${ROWS} rows: ${Math.round(performance.now() - started)} ms`);
  }
  under_way = false;
}

async function probe() {
  while (under_way) {
    const started = performance.now();
    await (await fetch(`${url}/health/live`)).arrayBuffer();
    latencies.push(performance.now() - started);
    await sleep(PAUSE_MS);
  }
}

await Promise.all([postBatches(), probe()]);
const sorted = ascending(latencies);
const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(sorted, share).toFixed(1));
console.log(`GET /health/live meanwhile, ${sorted.length} probes: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`);
server.kill('SIGTERM');
await once(server, 'exit');
