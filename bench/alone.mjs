import { probabilities, labelOf, MODEL_VERSION, rounded } from './contestants/model.mjs';
import { startContestant } from './contestants.mjs';
import { processCpu } from './cpu.mjs';
import { atMost, runAlone } from './goal.mjs';
import { closedLoop } from './load/closed-loop.mjs';
import { readInstances, serialiseRequests } from './requests.mjs';
import { median } from './statistics.mjs';

// A batch of 1,000 over HTTP against JSON.parse + inference + JSON.stringify in this process, turn by turn.

const ROWS = 1_000;
const ROUNDS = 6;
const SECONDS = 0.7;

async function work(text) {
  const { instances } = JSON.parse(text);
  const timestamp = new Date().toISOString();
  const scores = await probabilities(instances);
  const predictions = Array.from(scores, (probability) => ({
    prediction: labelOf(probability),
    probability: rounded(probability),
    model_version: MODEL_VERSION,
    timestamp,
  }));
  return JSON.stringify({ predictions, count: ROWS });
}

async function direct(text) {
  const latencies = [];
  for (const end = performance.now() + SECONDS * 1_000; performance.now() < end;) {
    const started = performance.now();
    await work(text);
    latencies.push(performance.now() - started);
  }
  return median(latencies);
}

export async function alone() {
  const server = await startContestant('skewless');
  const requests = serialiseRequests({ path: '/predict/batch', rows: ROWS });
  const text = JSON.stringify({ instances: readInstances().concat(readInstances()).slice(0, ROWS) });
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const parts = await direct(text);
    const observe = () => processCpu(server.pid);
    const load = await closedLoop({ port: server.port, requests, connections: 1, seconds: SECONDS, observe });
    const served = median(load.latencies);
    const cpu = (load.after - load.before) / load.latencies.length / 1_000;
    if (round > 0) rounds.push({ parts, served, cpu, ratio: served / parts });
  }
  await server.stop();
  const of = (key) => median(rounds.map((round) => round[key]));
  const says = `${of('served').toFixed(1)} ms over HTTP (CPU ${of('cpu').toFixed(1)}), ${of('parts').toFixed(1)} ms the parts alone`;
  return [atMost('batch of 1,000 (JSON) / its parts alone', of('ratio'), 1.3, says)];
}

await runAlone(import.meta, alone);
