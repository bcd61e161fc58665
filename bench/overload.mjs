import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'node:http';
import { startContestant } from './contestants.mjs';
import { atLeast, atMost, runAlone } from './goal.mjs';
import { readInstances } from './requests.mjs';
import { residentMiB, watchResident } from './resident.mjs';
import { ascending, quantile } from './statistics.mjs';

// Three times as many callers as may be under way: what is still answered, how fast the rest is refused.

const LIMIT = 16;
const ROWS = 500;
const SECONDS = 6;
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

export async function overload() {
  const server = await startContestant('skewless', { MAX_REQUESTS: LIMIT });
  const rows = readInstances();
  const body = JSON.stringify({ instances: rows.slice(0, ROWS) });
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
  const [probes, refusals] = [ascending(live), ascending(refused)];
  const refusedSays = `${refused.length} refused, slowest ${refusals.at(-1).toFixed(0)} ms`;
  return [
    atLeast(
      'goodput with 3 x the callers that may be under way / peak',
      rate / peak.rate,
      0.9,
      `${rate.toFixed(0)} and ${peak.rate.toFixed(0)} batches/s`,
    ),
    atMost('503 meanwhile, p99 ms', quantile(refusals, 0.99), 50, refusedSays),
    atMost(
      'GET /health/live meanwhile, p99 ms',
      quantile(probes, 0.99),
      50,
      `${probes.length} probes, slowest ${probes.at(-1).toFixed(0)} ms`,
    ),
    atMost('memory that overload adds, MiB', grown, 100, `${before.toFixed(0)} MiB before`),
  ];
}

await runAlone(import.meta, overload);
