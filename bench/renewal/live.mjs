import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startContestant } from '../contestants.mjs';
import { processCpu } from '../cpu.mjs';
import { closedLoop } from '../load/closed-loop.mjs';
import { openLoop } from '../load/open-loop.mjs';
import { readInstances, serialiseRequests } from '../requests.mjs';
import { ascending, median, quantile } from '../statistics.mjs';

// What a renewal costs those who ask: the shadow on and off in turn, so that drift of the machine falls on both, and a rollback under
// requests at a fixed rate.

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const MODELS = fileURLToPath(new URL('../../models', import.meta.url));
const RATE = 500;
const CALM_RATE = 200;
const PATH = '/predict';
const bodies = readInstances().map((instance) => JSON.stringify(instance));
const requests = serialiseRequests({ path: PATH, rows: 1 });
/** Of fresh processes, as two of one build differ by several percent. */
const ROUNDS = 3;
const PAIRS = 4;

/** A models folder with a version 2 that answers as version 1 does, and a rollout of it in progress. */
async function modelsIn(folder, ...steps) {
  const models = join(folder, 'models');
  cpSync(MODELS, models, { recursive: true });
  const model = join(models, 'random_forest');
  cpSync(join(model, '1'), join(model, '2'), { recursive: true });
  const manifest = readFileSync(join(model, '1/manifest.json'), 'utf8');
  writeFileSync(join(model, '2/manifest.json'), manifest.replace('"version": "1"', '"version": "2"'));
  for (const step of steps) await rollout(models, ...step);
  return models;
}

/** In a process of its own: requests go on meanwhile. */
const rollout = (models, action, ...args) =>
  promisify(execFile)(process.execPath, [
    CLI,
    'rollout',
    action,
    'random_forest',
    ...args,
    '--set',
    `models.directory=${models}`,
  ]);

/** What callers see at a rate that the server can well answer, and what the server's CPU it takes. */
async function calm({ port, pid }) {
  const before = processCpu(pid);
  const { latencies, failed } = await openLoop({ port, path: PATH, bodies, rate: CALM_RATE, seconds: 5 });
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return { p99: quantile(ascending(latencies), 0.99), cpu: (processCpu(pid) - before) / latencies.length };
}

/** How many requests a second it answers at most. */
async function busy({ port }) {
  const { elapsed, latencies } = await closedLoop({ port, requests, connections: 64, seconds: 2, observe: () => 0 });
  return { rate: (latencies.length / elapsed) * 1_000 };
}

/** Rows of the shadow with an outcome. */
async function shadowRows({ port }) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const of = (outcome) =>
    Number(new RegExp(`^skewless_shadow_rows_total.*"${outcome}".* (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return { scored: of('agreed') + of('disagreed'), shed: of('shed') };
}

async function shadow(folder) {
  const pairs = [];
  const rows = { scored: 0, shed: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const start = async (name, ...steps) => {
      const own = mkdtempSync(join(folder, name));
      const models = await modelsIn(own, ...steps);
      return startContestant('skewless', {
        MODELS_DIR: models,
        MONITOR_ENABLED: true,
        MONITOR_STORE: join(own, 'monitor'),
      });
    };
    const [on, off] = [await start('on', ['start', '2']), await start('off')];
    for (const measure of [calm, busy]) {
      for (const side of [on, off]) await measure(side);
      for (let pair = 0; pair < PAIRS; pair++) {
        const samples = new Map();
        for (const side of pair % 2 === 0 ? [on, off] : [off, on]) samples.set(side, await measure(side));
        pairs.push({ measure, on: samples.get(on), off: samples.get(off) });
      }
    }
    const { scored, shed } = await shadowRows(on);
    if (scored === 0) throw new Error('Nothing was shadowed');
    [rows.scored, rows.shed] = [rows.scored + scored, rows.shed + shed];
    for (const side of [on, off]) await side.stop();
  }
  const beside = (measure, what, digits) => {
    const own = pairs.filter((pair) => pair.measure === measure);
    const of = (side) => Number(median(own.map((pair) => pair[side][what])).toFixed(digits));
    const ratio = median(own.map(({ on, off }) => on[what] / off[what]));
    return { off: of('off'), on: of('on'), ratio: Number(ratio.toFixed(3)) };
  };
  return {
    check: 'the shadow beside callers',
    pairs: ROUNDS * PAIRS,
    ...rows,
    rate: CALM_RATE,
    p99_ms: beside(calm, 'p99', 2),
    cpu_us: beside(calm, 'cpu', 0),
    most_per_second: beside(busy, 'rate', 0),
  };
}

async function rollback(folder) {
  const [workers, seconds] = [4, 20];
  const models = await modelsIn(folder, ['start', '2'], ['promote']);
  const server = await startContestant('skewless', { MODELS_DIR: models, MONITOR_ENABLED: false, WORKERS: workers });
  await openLoop({ port: server.port, path: PATH, bodies, rate: RATE, seconds: 5 });
  const counts = { 'random_forest:1': 0, 'random_forest:2': 0 };
  let last = 0;
  const onAnswer = ({ model_version: version }) => {
    counts[version]++;
    if (version === 'random_forest:2') last = Date.now();
  };
  const load = openLoop({ port: server.port, path: PATH, bodies, rate: RATE, seconds, onAnswer });
  await sleep(5_000);
  await rollout(models, 'rollback');
  const { latencies, failed } = await load;
  await server.stop();
  const history = readFileSync(join(models, 'random_forest/history.jsonl'), 'utf8').trim().split('\n');
  const { when } = JSON.parse(history.at(-1));
  return {
    check: 'rollback at a fixed rate',
    rate: RATE,
    workers,
    of_the_version_before: counts['random_forest:2'],
    answered: latencies.length,
    failed,
    seconds: Number(((last - Date.parse(when)) / 1_000).toFixed(2)),
  };
}

/** @returns the checks, as results.json keeps them */
export async function live() {
  const folder = mkdtempSync(join(tmpdir(), 'skewless-bench-live-'));
  try {
    return [await rollback(join(folder, 'rollback')), await shadow(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.filename === process.argv[1]) {
  for (const check of await live()) console.log(JSON.stringify(check));
  process.exit();
}
