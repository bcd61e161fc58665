import { setTimeout as sleep } from 'node:timers/promises';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { startContestant } from './contestants.mjs';
import { processCpu } from './cpu.mjs';
import { atLeast, atMost, runAlone } from './goal.mjs';
import { readInstances } from './requests.mjs';
import { watchResident } from './resident.mjs';
import { ascending, median, quantile } from './statistics.mjs';

// Batches of 100,000 in each format, round by round; a probe of liveness meanwhile; memory that a JSON batch adds.

const ROWS = 100_000;
const ROUNDS = 4;
const PAUSE_MS = 5;
/** As shipped, `inference.batchThreads`. */
const THREADS = 2;
const ONE_THREAD = 'arrow on one thread';

/** By format its media type, and a body of 100,000 rows. */
export function bodies() {
  const rows = readInstances();
  const instances = Array.from({ length: ROWS }, (_, i) => rows[i % rows.length]);
  const names = Object.keys(rows[0]);
  const columns = Object.fromEntries(names.map((name) => [name, instances.map((instance) => instance[name])]));
  const typed = Object.fromEntries(names.map((name) => [name, Float64Array.from(columns[name])]));
  return {
    json: ['application/json', JSON.stringify({ instances })],
    columns: ['application/json', JSON.stringify({ columns })],
    csv: ['text/csv', [names, ...instances.map(Object.values)].join('\n')],
    arrow: ['application/vnd.apache.arrow.stream', tableToIPC(tableFromArrays(typed), 'stream')],
    ndjson: ['application/x-ndjson', instances.map((instance) => JSON.stringify(instance)).join('\n')],
  };
}

/** ONNX Runtime's own time for the rows on one thread, which no format changes. */
async function inferenceMs() {
  const { probabilities } = await import('./contestants/model.mjs');
  const rows = readInstances();
  const chunk = Array.from({ length: 1_000 }, (_, i) => rows[i % rows.length]);
  const started = process.cpuUsage();
  for (let i = 0; i < ROWS / 1_000; i++) await probabilities(chunk);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

export async function formats() {
  const server = await startContestant('skewless', { BATCH_THREADS: THREADS });
  const slower = await startContestant('skewless');
  const post = async ([type, body], { port }) => {
    const answer = await fetch(`http://127.0.0.1:${port}/predict/batch`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    if (answer.status !== 200) throw new Error(`${type} was answered ${answer.status}`);
    // Reading without parsing: this process must not be what the probe waits for.
    for await (const _ of answer.body);
  };
  const all = bodies();
  const jsonMiB = Buffer.byteLength(all.json[1]) / 2 ** 20;
  await post(['application/json', JSON.stringify({ instances: readInstances() })], server);
  await sleep(1_000);
  const watch = watchResident(server.pid);
  const before = watch.stop();
  const during = watchResident(server.pid);
  await post(all.json, server);
  const added = during.stop() - before;

  const latencies = [];
  let isOver = false;
  const probing = (async () => {
    for (; !isOver; await sleep(PAUSE_MS)) {
      const started = performance.now();
      await (await fetch(`http://127.0.0.1:${server.port}/health/live`)).arrayBuffer();
      latencies.push(performance.now() - started);
    }
  })();
  const work = [...Object.entries(all).map(([name, body]) => [name, body, server]), [ONE_THREAD, all.arrow, slower]];
  const wall = {};
  const cpu = {};
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, body, contestant] of work) {
      const [started, used] = [performance.now(), processCpu(contestant.pid)];
      await post(body, contestant);
      if (round === 0) continue;
      (wall[name] ??= []).push(performance.now() - started);
      (cpu[name] ??= []).push((processCpu(contestant.pid) - used) / 1_000);
    }
  }
  isOver = true;
  await probing;
  await server.stop();
  await slower.stop();
  const inference = await inferenceMs();
  const medianOf = (times) => Math.round(median(times));
  const list = Object.keys(wall).map((name) => `${name} ${medianOf(wall[name])} (CPU ${medianOf(cpu[name])})`);
  const rowsPerSecond = median(wall.json.map((json, i) => json / wall.arrow[i]));
  const sorted = ascending(latencies);
  const p99 = quantile(sorted, 0.99);
  return [
    atLeast(
      'batch of 100,000, Arrow / JSON in rows/s',
      rowsPerSecond,
      5,
      `ms: ${list.join(', ')}; inference alone ${Math.round(inference)}`,
    ),
    atMost(
      'GET /health/live meanwhile, p99 ms',
      p99,
      50,
      `${sorted.length} probes, slowest ${sorted.at(-1).toFixed(0)} ms`,
    ),
    atMost(
      'memory that a JSON batch of 100,000 adds / its body',
      added / jsonMiB,
      3,
      `${added.toFixed(0)} MiB for ${jsonMiB.toFixed(1)} MiB`,
    ),
  ];
}

await runAlone(import.meta, formats);
