import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startContestant } from './contestants.mjs';
import { atLeast, atMost, show } from './goal.mjs';
import { readInstances } from './requests.mjs';
import { residentMiB } from './resident.mjs';

/**
 * So many predictions a second for so long, every row of which is logged: `node bench/log-rate.mjs --seconds 600`, or with
 * `--store postgres://user@host/database`. Batches of 100 are sent at their times whether or not earlier ones are answered. `--keep`
 * writes the figures of that store to `log-rate.json`.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '10000' },
    store: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const BATCH = 100;
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
/** What V8 compiles and the store makes at first. */
const WARM_UP_SECONDS = 5;

const folder = mkdtempSync(join(tmpdir(), 'skewless-log-rate-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const server = await startContestant('skewless', {
  MONITOR_ENABLED: true,
  MONITOR_STORE: values.store ?? join(folder, 'store'),
});
const instances = readInstances();
const body = JSON.stringify({ instances: Array.from({ length: BATCH }, (_, i) => instances[i % instances.length]) });
let [answered, failed] = [0, 0];

async function send() {
  const url = `http://127.0.0.1:${server.port}/predict/batch`;
  const headers = { 'content-type': 'application/json' };
  try {
    const response = await fetch(url, { method: 'POST', headers, body });
    await response.arrayBuffer();
    if (response.ok) answered += BATCH;
    else failed++;
  } catch {
    failed++;
  }
}

async function load(duration) {
  const begun = performance.now();
  const under = new Set();
  for (let sent = 0; sent < duration * (rate / BATCH); sent++) {
    const due = begun + (sent * BATCH * 1_000) / rate;
    if (due > performance.now()) await sleep(due - performance.now());
    const request = send().finally(() => under.delete(request));
    under.add(request);
  }
  await Promise.all(under);
  return (performance.now() - begun) / 1_000;
}

/** A metric, its samples with a text in their labels added up. */
async function metric(name, text = '') {
  const lines = (await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text()).split('\n');
  return lines
    .filter((line) => line.startsWith(name) && line.includes(text))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

await load(WARM_UP_SECONDS);
const before = residentMiB(server.pid);
const warm = answered;
const took = await load(seconds);
const grown = residentMiB(server.pid) - before;
while ((await metric('skewless_monitor_buffer_rows')) > 0) await sleep(100);
const [logged, dropped] = [
  await metric('skewless_monitor_rows_total', 'outcome="logged"'),
  await metric('skewless_monitor_rows_total', 'outcome="dropped"'),
];
const figures = [
  atLeast('predictions a second', (answered - warm) / took, 0.95 * rate, `over ${took.toFixed(0)} s`),
  atMost('requests that failed', failed, 0, `of ${answered / BATCH + failed}`),
  atMost('rows dropped', dropped, 0, `${logged} logged`),
  atMost('rows answered and not accounted for', Math.abs(answered - logged - dropped), 0, `${answered} answered`),
  atMost('memory that came on top, MiB', grown, 100, `from ${before.toFixed(0)}`),
];
for (const figure of figures) console.log(show(figure));
if (values.keep) {
  const path = join(import.meta.dirname, 'log-rate.json');
  const kept = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const store = values.store === undefined ? 'folder' : 'postgresql';
  writeFileSync(path, `${JSON.stringify({ ...kept, [store]: { seconds, rate, figures } }, undefined, 2)}\n`);
}
await server.stop();
process.exit();
