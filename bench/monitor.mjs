import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from './contestants.mjs';
import { threadsCpu } from './cpu.mjs';
import { atLeast, atMost, runAlone } from './goal.mjs';
import { closedLoop } from './load/closed-loop.mjs';
import { serialiseRequests } from './requests.mjs';
import { median } from './statistics.mjs';

// What the watch costs those who ask. Two processes of one build differ by up to a half, so a copy of the built server has its watch
// on and off in turn, by the clock, and is asked in both.

const CONNECTIONS = 64;
const SLICE_MILLISECONDS = 2_000;
/** Rows of the slice before are still being written. */
const SETTLE_MILLISECONDS = 700;
const MARGIN_MILLISECONDS = 100;
const WARM_UP_SECONDS = 4;
const ROUNDS = 3;
const SLICES = 24;
const LOGS = 'scored:(model,answered)=>this.log.scored(model,answered)';

/** @returns the main file of a copy of the server that logs in every other slice */
function copyServer() {
  const folder = mkdtempSync('dist/bench-monitor-');
  cpSync('dist/api', folder, { recursive: true });
  let patched = 0;
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!text.includes(LOGS)) continue;
    const isOn = `Math.floor(Date.now()/${SLICE_MILLISECONDS})%2===0`;
    writeFileSync(join(folder, file), text.replace(LOGS, LOGS.replace('=>', `=>${isOn}&&`)));
    patched++;
  }
  if (patched === 0) throw new Error('The built server calls its log in another way: see LOGS in bench/monitor.mjs');
  return folder;
}

/** Rows of all models with an outcome. */
async function rowsOf({ port }, outcome) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('skewless_monitor_rows_total'));
  return lines
    .filter((line) => line.includes(`outcome="${outcome}"`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

async function round(requests, folder) {
  const server = await startServer('skewless', process.execPath, [join(folder, 'main.js')], {
    GRPC_PORT: 0,
    NODE_ENV: 'production',
    DRAIN_SECONDS: 0,
    MONITOR_ENABLED: true,
    MONITOR_STORE: mkdtempSync(join(folder, 'store-')),
  });
  const ask = (milliseconds) =>
    closedLoop({
      port: server.port,
      requests,
      connections: CONNECTIONS,
      seconds: milliseconds / 1_000,
      observe: () => threadsCpu(server.pid),
    });
  await ask(WARM_UP_SECONDS * 1_000);
  const samples = { on: [], off: [] };
  for (let n = 0; n < SLICES; n++) {
    const slice = Math.floor(Date.now() / SLICE_MILLISECONDS) + 1;
    const from = slice * SLICE_MILLISECONDS + SETTLE_MILLISECONDS;
    await sleep(from - SETTLE_MILLISECONDS - Date.now());
    await ask(from - Date.now());
    const run = await ask(SLICE_MILLISECONDS - SETTLE_MILLISECONDS - MARGIN_MILLISECONDS);
    const count = run.latencies.length;
    samples[slice % 2 === 0 ? 'on' : 'off'].push({
      rate: (count / run.elapsed) * 1_000,
      cpu: (run.after - run.before) / count,
    });
  }
  const [logged, dropped] = [await rowsOf(server, 'logged'), await rowsOf(server, 'dropped')];
  await server.stop();
  if (logged === 0) throw new Error('Nothing was logged');
  const of = (side, what) => median(samples[side].map((sample) => sample[what]));
  return { ratio: of('on', 'rate') / of('off', 'rate'), on: of('on', 'cpu'), off: of('off', 'cpu'), dropped };
}

export async function monitor() {
  const requests = serialiseRequests({ path: '/predict', rows: 1 });
  const folder = copyServer();
  const rounds = [];
  try {
    for (let i = 0; i < ROUNDS; i++) rounds.push(await round(requests, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const of = (what) => median(rounds.map((one) => one[what]));
  const ratios = rounds.map(({ ratio }) => ratio.toFixed(3)).join(', ');
  const says = `${ratios}; CPU per request, its threads included, ${of('on').toFixed(0)} and ${of('off').toFixed(0)} us`;
  return [
    atLeast('single, 64 connections: throughput with the watch / without', of('ratio'), 0.95, says),
    atMost(
      'rows that the watch dropped meanwhile',
      rounds.reduce((sum, { dropped }) => sum + dropped, 0),
      0,
      'of all that were answered',
    ),
  ];
}

await runAlone(import.meta, monitor);
