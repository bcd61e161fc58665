import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startContestant } from './contestants.mjs';
import { threadsCpu } from './cpu.mjs';
import { bodies } from './formats.mjs';
import { atLeast, atMost, runAlone } from './goal.mjs';
import { closedLoop } from './load/closed-loop.mjs';
import { serialiseRequests } from './requests.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { median } from './statistics.mjs';
import { MODELS } from './trees/models.mjs';

// The whole server, whose trees a kernel computes, beside raw node:http + ONNX Runtime: CPU of all threads per request, in turn.

const ROUNDS = 9;
const REQUESTS = { 'single-16': 4_000, 'single-64': 4_000, 'batch-10000': 6 };
const GOALS = { 'single-16': 1, 'single-64': 1, 'batch-10000': 1.4 };
const LARGE_ROUNDS = 5;
const LOADS = 5;

async function cpuPerRequest({ port, pid }, requests, connections, count) {
  const { before, after } = await closedLoop({ port, requests, connections, count, observe: () => threadsCpu(pid) });
  return (after - before) / count;
}

/** How many times as much CPU raw takes for a request, with the monitor and without. */
async function besideRaw(scenario) {
  const sides = [
    await startContestant('raw-http'),
    await startContestant('skewless'),
    await startContestant('skewless', { MONITOR_ENABLED: false }),
  ];
  const requests = serialiseRequests(scenario);
  const { connections, warmUpRequests, name } = scenario;
  for (const side of sides) await cpuPerRequest(side, requests, connections, 2 * warmUpRequests);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cpu = [];
    for (let turn = 0; turn < sides.length; turn++) {
      const side = (round + turn) % sides.length;
      cpu[side] = await cpuPerRequest(sides[side], requests, connections, REQUESTS[name]);
    }
    rounds.push(cpu);
  }
  for (const side of sides) await side.stop();
  const [raw, own, quiet] = sides.map((_, side) => median(rounds.map((cpu) => cpu[side])));
  const unwatched = median(rounds.map((cpu) => cpu[0] / cpu[2]));
  return atLeast(
    `${name}: CPU of raw-http / of skewless`,
    median(rounds.map((cpu) => cpu[0] / cpu[1])),
    GOALS[name],
    `${raw.toFixed(0)}, ${own.toFixed(0)} us a request; ${quiet.toFixed(0)} without the monitor, which is ${unwatched.toFixed(2)}`,
  );
}

/** Arrow by the kernel beside JSON by ONNX Runtime, which is what served before there was a kernel. */
async function arrowBesideJson() {
  const now = await startContestant('skewless');
  const before = await startContestant('skewless', { INFERENCE_ENGINE: 'onnxruntime' });
  const { arrow, json } = bodies();
  const cpuOf = async ({ port, pid }, [type, body]) => {
    const used = threadsCpu(pid);
    const headers = { 'content-type': type };
    const answer = await fetch(`http://127.0.0.1:${port}/predict/batch`, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`${type} was answered ${answer.status}`);
    await answer.arrayBuffer();
    return (threadsCpu(pid) - used) / 1_000;
  };
  const rounds = [];
  for (let round = -2; round < LARGE_ROUNDS; round++) {
    const pair = { arrow: await cpuOf(now, arrow), json: await cpuOf(before, json) };
    if (round >= 0) rounds.push(pair);
  }
  for (const side of [now, before]) await side.stop();
  return atLeast(
    'batch of 100,000: CPU of JSON by ONNX Runtime / of Arrow by the kernel',
    median(rounds.map((pair) => pair.json / pair.arrow)),
    3,
    `${median(rounds.map((pair) => pair.json)).toFixed(0)} and ${median(rounds.map((pair) => pair.arrow)).toFixed(0)} ms`,
  );
}

/**
 * What a kernel adds to a load, which opened two sessions of ONNX Runtime before kernels served: where it is proven, beside one session, and in
 * a server, which opens none; in processes of their own.
 */
function loadsOfTrees() {
  const script = fileURLToPath(new URL('trees/load.mjs', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'skewless-bench-load-'));
  const file = join(folder, 'model.onnx');
  writeFileSync(file, MODELS['big: 500 trees, depth 8']());
  const load = (way) => Number(execFileSync(process.execPath, [script, way, file]).toString());
  const rounds = Array.from({ length: LOADS }, () => ({
    proof: load('auto'),
    server: load('proven'),
    session: load('onnxruntime'),
    before: load('sessions'),
  }));
  rmSync(folder, { recursive: true });
  const of = (pick) => median(rounds.map(pick));
  return ['proof', 'server'].map((place) =>
    atMost(
      `load of 500 trees of depth 8 in the ${place}: CPU more than of both sessions of ONNX Runtime, ms`,
      of((round) => round[place] - round.before),
      100,
      `${of((round) => round[place]).toFixed(0)} and ${of(({ before }) => before).toFixed(0)} ms, one session ${of(({ session }) => session).toFixed(0)}`,
    ),
  );
}

export async function kernel() {
  const figures = [];
  for (const scenario of SCENARIOS) if (scenario.name in GOALS) figures.push(await besideRaw(scenario));
  figures.push(await arrowBesideJson(), ...loadsOfTrees());
  return figures;
}

await runAlone(import.meta, kernel);
