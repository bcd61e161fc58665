import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'node:http';
import { startContestant } from './contestants.mjs';
import { atLeast, atMost, runAlone } from './goal.mjs';
import { readInstances } from './requests.mjs';
import { residentMiB, watchResident } from './resident.mjs';
import { ascending, median, quantile } from './statistics.mjs';

// Three times as many callers as may be in progress: what is still answered, how fast the rest is refused.

const LIMIT = 16;
const ROWS = 500;
const SECONDS = 4;
const ROUNDS = 3;
/** How soon a refused caller comes again: far sooner than Retry-After asks. */
const PAUSE_MS = 100;

function caller(port, body) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (path, method) =>
    new Promise((resolve, reject) => {
      const started = performance.now();
      const headers = { 'content-type': 'application/json' };
      const opened = request({ port, host: '127.0.0.1', path, method, headers, agent }, (answer) => {
        const { statusCode: status, headers } = answer;
        answer.resume().on('end', () => resolve({ status, headers, ms: performance.now() - started }));
      });
      opened.on('error', reject).end(method === 'POST' ? body : undefined);
    });
}

async function load(port, callers, body) {
  const served = [];
  const refused = [];
  const end = performance.now() + SECONDS * 1_000;
  const loops = Array.from({ length: callers }, async () => {
    const ask = caller(port, body);
    while (performance.now() < end) {
      const { status, headers, ms } = await ask('/predict/batch', 'POST');
      if (status === 200) {
        served.push(ms);
      } else if (status === 503 && headers['retry-after'] === '1') {
        refused.push(ms);
        await sleep(PAUSE_MS);
      } else {
        throw new Error(`An overloaded server answered ${status}`);
      }
    }
  });
  await Promise.all(loops);
  return { rate: served.length / SECONDS, refused };
}

async function round(body) {
  const server = await startContestant('skewless', { MAX_REQUESTS: LIMIT });
  await load(server.port, LIMIT, body);
  const peak = await load(server.port, LIMIT, body);
  const before = residentMiB(server.pid);
  const watch = watchResident(server.pid);
  const probe = caller(server.port);
  const live = [];
  let isOver = false;
  const probing = (async () => {
    for (; !isOver; await sleep(20)) live.push((await probe('/health/live', 'GET')).ms);
  })();
  const { rate, refused } = await load(server.port, 3 * LIMIT, body);
  isOver = true;
  await probing;
  const grown = watch.stop() - before;
  await server.stop();
  return { rate, peak: peak.rate, refused, live, before, grown };
}

export async function overload() {
  const body = JSON.stringify({ instances: readInstances().slice(0, ROWS) });
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round(body));
  const of = (pick) => median(rounds.map(pick));
  const [probes, refusals] = ['live', 'refused'].map((key) => ascending(rounds.flatMap((one) => one[key])));
  return [
    atLeast(
      'goodput with 3 x the callers that are admitted at once / peak',
      of(({ rate, peak }) => rate / peak),
      0.9,
      `${of(({ rate }) => rate).toFixed(0)} and ${of(({ peak }) => peak).toFixed(0)} batches/s`,
    ),
    atMost(
      '503 meanwhile, p99 ms',
      quantile(refusals, 0.99),
      50,
      `${refusals.length} refused, slowest ${refusals.at(-1).toFixed(0)} ms`,
    ),
    atMost(
      'GET /health/live meanwhile, p99 ms',
      quantile(probes, 0.99),
      50,
      `${probes.length} probes, slowest ${probes.at(-1).toFixed(0)} ms`,
    ),
    atMost(
      'memory that overload adds, MiB',
      of(({ grown }) => grown),
      100,
      `${of(({ before }) => before).toFixed(0)} MiB before`,
    ),
  ];
}

await runAlone(import.meta, overload);
