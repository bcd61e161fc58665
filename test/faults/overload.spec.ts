import { setTimeout as sleep } from 'node:timers/promises';
import { EXAMPLE } from '#testing';
import { ServerProcess } from '../helper/server-process.js';
import { faultsOf, IS_BOUNDED } from './helper/fault.js';
import { closedLoop, type SeenAnswer } from './helper/load.js';
import { cpuSeconds, residentMebibytes } from './helper/resources.js';
import { signed } from './helper/signed.js';

const ROWS = 1_000;
const BATCH = JSON.stringify({ instances: Array(ROWS).fill(EXAMPLE) });
/** Batches that may be in progress at once: what one process answers best with. */
const CAPACITY = 8;
const SECONDS = IS_BOUNDED ? 10 : 60;
const PEAK_SECONDS = SECONDS / 2;
/** Of the peak; a short run tells it less exactly. */
const SHARE = IS_BOUNDED ? 0.75 : 0.9;

const fault = faultsOf('Overload');
afterEach(() => ServerProcess.killAll());

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/**
 * Batches answered per second of the server's CPU, for the machine may have other things to do in one phase than in the
 * next, and the refusals; fails on any other outcome.
 */
async function goodput(server: ServerProcess, clients: number, seconds: number) {
  const refusals: SeenAnswer[] = [];
  const load = closedLoop(server, clients, '/predict/batch', BATCH, { onRefusal: (refusal) => refusals.push(refusal) });
  await sleep(1_000);
  const [before, began] = [load.outcomes.counts[200] ?? 0, cpuSeconds(server.pid)];
  await sleep(seconds * 1_000);
  const rate = (load.outcomes.counts[200] - before) / (cpuSeconds(server.pid) - began);
  const { counts } = await load.stop();
  expect(Object.keys(counts).filter((outcome) => !['200', '503'].includes(outcome))).toEqual([]);
  return { rate, refusals };
}

fault(
  `3 times the capacity for ${SECONDS} s`,
  {
    load: `${3 * CAPACITY} clients with batches of ${ROWS} where ${CAPACITY} may be in progress`,
    expected: `200, or 503 with Retry-After; for each CPU second at least ${100 * SHARE} % of the peak before and after is answered, liveness answers, memory is bounded`,
    minutes: 4,
  },
  async () => {
    const server = await ServerProcess.ready([], { MAX_REQUESTS: String(CAPACITY), LOG_LEVEL: 'warn' });
    const earlier = await goodput(server, CAPACITY, PEAK_SECONDS);
    const before = residentMebibytes(server.pid);
    let [isOver, slowest] = [false, 0];
    const probing = (async () => {
      for (; !isOver; await sleep(100)) {
        const asked = performance.now();
        expect((await server.ask('/health/live')).status).toBe(200);
        slowest = Math.max(slowest, performance.now() - asked);
      }
    })();
    const { rate, refusals } = await goodput(server, 3 * CAPACITY, SECONDS);
    isOver = true;
    await probing;
    const grown = Math.round(residentMebibytes(server.pid) - before);
    const later = await goodput(server, CAPACITY, PEAK_SECONDS);

    expect(new Set(refusals.map(({ headers }) => headers['retry-after']))).toEqual(new Set(['1']));
    const share = rate / ((earlier.rate + later.rate) / 2);
    expect(share).toBeGreaterThan(SHARE);
    expect(grown).toBeLessThan(300);
    const refused = Math.round(median(refusals.map(({ milliseconds }) => milliseconds)));
    return `${Math.round(100 * share)} % of the peak answered, ${refusals.length} refused, half of them within ${refused} ms; slowest liveness ${Math.round(slowest)} ms, memory ${signed(grown)} MiB`;
  },
);
