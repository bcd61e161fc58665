import { readFileSync } from 'node:fs';
import { startContestant } from './contestants.mjs';
import { processCpu } from './cpu.mjs';
import { atLeast, runAlone } from './goal.mjs';
import { closedLoop } from './load/closed-loop.mjs';
import { serialiseRequests } from './requests.mjs';
import { median } from './statistics.mjs';

// Two workers beside one. Where the load generator leaves them no two cores, throughput cannot double; what CPU a
// request costs tells what it would on two free cores.

const CONNECTIONS = 64;
const SECONDS = 2;
/** Two workers have to see as many requests each as one does until V8 has compiled what they need. */
const WARM_UP_SECONDS = 6;
const ROUNDS = 5;

const workersOf = (pid) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean);

async function measure({ port, pid }, requests, seconds = SECONDS) {
  const observe = () => [pid, ...workersOf(pid)].reduce((sum, each) => sum + processCpu(each), 0);
  const run = await closedLoop({ port, requests, connections: CONNECTIONS, seconds, observe });
  const count = run.latencies.length;
  return { rate: (count / run.elapsed) * 1_000, cpu: (run.after - run.before) / count };
}

async function round(requests) {
  const sides = [];
  for (const count of [1, 2]) sides.push(await startContestant('skewless', { WORKERS: count }));
  for (const side of sides) await measure(side, requests, WARM_UP_SECONDS);
  const [one, two] = [await measure(sides[0], requests), await measure(sides[1], requests)];
  for (const side of sides) await side.stop();
  return { one, two };
}

export async function workers() {
  const requests = serialiseRequests({ path: '/predict', rows: 1 });
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round(requests));
  const of = (pick) => median(rounds.map(pick));
  const says =
    `CPU per request ${of(({ one }) => one.cpu).toFixed(0)} and ${of(({ two }) => two.cpu).toFixed(0)} us; ` +
    `beside the load generator ${of(({ one, two }) => two.rate / one.rate).toFixed(2)} times the throughput`;
  const scale = of(({ one, two }) => (2 * one.cpu) / two.cpu);
  return [atLeast('2 workers / 1 on two free cores, by CPU per request', scale, 1.7, says)];
}

await runAlone(import.meta, workers);
