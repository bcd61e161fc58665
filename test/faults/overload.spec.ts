import { setTimeout as sleep } from 'node:timers/promises';
import { EXAMPLE } from '../helper/golden.js';
import { ServerProcess } from '../helper/server-process.js';
import { faultsOf, IS_BOUNDED } from './helper/fault.js';
import { closedLoop } from './helper/load.js';
import { residentMebibytes } from './helper/resources.js';

const ROWS = 1_000;
const BATCH = JSON.stringify({ instances: Array(ROWS).fill(EXAMPLE) });
const SECONDS = IS_BOUNDED ? 10 : 60;
/** Batches that may be under way at once: what one process answers best with. */
const CAPACITY = 8;

const fault = faultsOf('Overload');
afterEach(() => ServerProcess.killAll());

fault(
  `3 times the capacity for ${SECONDS} s`,
  {
    load: `${3 * CAPACITY} clients with batches of ${ROWS} where ${CAPACITY} may be under way`,
    expected:
      '200, or 503 with Retry-After; at least 90 % of the peak is answered, liveness answers, memory is bounded',
    minutes: 4,
  },
  async () => {
    const server = await ServerProcess.ready([], { MAX_PENDING_ROWS: String(CAPACITY * ROWS), LOG_LEVEL: 'warn' });
    const goodput = async (clients: number, seconds: number): Promise<{ rate: number; refused: number }> => {
      const load = closedLoop(server, clients, '/predict/batch', BATCH, { pauseWhenRefused: true });
      await sleep(1_000);
      const before = load.outcomes.counts[200];
      await sleep(seconds * 1_000);
      const rate = (load.outcomes.counts[200] - before) / seconds;
      const { counts } = await load.stop();
      expect(Object.keys(counts).filter((outcome) => !['200', '503'].includes(outcome))).toEqual([]);
      return { rate, refused: counts[503] ?? 0 };
    };
    const peak = await goodput(CAPACITY, Math.min(SECONDS, 10));
    const before = residentMebibytes(server.pid);
    let [isOver, slowest] = [false, 0];
    const probing = (async () => {
      for (; !isOver; await sleep(100)) {
        const asked = performance.now();
        expect((await server.ask('/health/live')).status).toBe(200);
        slowest = Math.max(slowest, performance.now() - asked);
      }
    })();
    const overloaded = await goodput(3 * CAPACITY, SECONDS);
    isOver = true;
    await probing;
    const grown = residentMebibytes(server.pid) - before;
    const { headers, status } = await refusal(server);
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(overloaded.refused).toBeGreaterThan(0);
    expect(overloaded.rate / peak.rate).toBeGreaterThan(0.9);
    expect(grown).toBeLessThan(300);
    return `${Math.round((100 * overloaded.rate) / peak.rate)} % of the peak answered, ${overloaded.refused} refused, slowest liveness ${Math.round(slowest)} ms, memory ${grown < 0 ? '' : '+'}${Math.round(grown)} MiB`;
  },
);

/** Asks for more at once than may be under way, and gives one of the refusals. */
async function refusal(server: ServerProcess): ReturnType<ServerProcess['ask']> {
  const answers = await Promise.all(
    Array.from({ length: 3 * CAPACITY }, () => server.ask('/predict/batch', { body: BATCH })),
  );
  return answers.find(({ status }) => status === 503) ?? answers[0];
}
