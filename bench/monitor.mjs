import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContestant } from './contestants.mjs';
import { threadsCpu } from './cpu.mjs';
import { atLeast, atMost, runAlone } from './goal.mjs';
import { closedLoop } from './load/closed-loop.mjs';
import { serialiseRequests } from './requests.mjs';
import { median } from './statistics.mjs';

// What the watch costs those who ask: single predictions with it on and off, in turn, so that drift of the machine falls on both.

const CONNECTIONS = 64;
const SECONDS = 1;
const WARM_UP_SECONDS = 3;
/** Of fresh processes, as two of one build differ by several percent. */
const ROUNDS = 4;
const PAIRS = 6;

async function measure({ port, pid }, requests, seconds = SECONDS) {
  const run = await closedLoop({ port, requests, connections: CONNECTIONS, seconds, observe: () => threadsCpu(pid) });
  const count = run.latencies.length;
  return { rate: (count / run.elapsed) * 1_000, cpu: (run.after - run.before) / count };
}

/** Rows of all models with an outcome. */
async function rowsOf({ port }, outcome) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('skewless_monitor_rows_total'));
  return lines
    .filter((line) => line.includes(`outcome="${outcome}"`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** @param isOnFirst which side is started and warmed up first: in turn, so that neither side gains by its place */
async function round(requests, store, isOnFirst) {
  const start = (isOn) => startContestant('skewless', { MONITOR_ENABLED: isOn, MONITOR_STORE: store });
  const first = await start(isOnFirst);
  const second = await start(!isOnFirst);
  for (const side of [first, second]) await measure(side, requests, WARM_UP_SECONDS);
  const [on, off] = isOnFirst ? [first, second] : [second, first];
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const order = pair % 2 === 0 ? [on, off] : [off, on];
    const samples = new Map();
    for (const side of order) samples.set(side, await measure(side, requests));
    pairs.push({ on: samples.get(on), off: samples.get(off) });
  }
  const dropped = await rowsOf(on, 'dropped');
  for (const side of [on, off]) await side.stop();
  return { pairs, dropped };
}

export async function monitor() {
  const requests = serialiseRequests({ path: '/predict', rows: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'skewless-bench-monitor-'));
  const rounds = [];
  try {
    for (let i = 0; i < ROUNDS; i++) rounds.push(await round(requests, join(folder, String(i)), i % 2 === 0));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const pairs = rounds.flatMap((one) => one.pairs);
  const of = (pick) => median(pairs.map(pick));
  const says = `CPU per request, its threads included, ${of(({ on }) => on.cpu).toFixed(0)} and ${of(({ off }) => off.cpu).toFixed(0)} us`;
  const dropped = rounds.reduce((sum, one) => sum + one.dropped, 0);
  return [
    atLeast(
      'single, 64 connections: throughput with the watch / without',
      of(({ on, off }) => on.rate / off.rate),
      0.95,
      says,
    ),
    atMost('rows that the watch dropped meanwhile', dropped, 0, 'of all that were answered'),
  ];
}

await runAlone(import.meta, monitor);
