import { EXAMPLE } from '#testing';
import { askToTheEnd, endWithStoppedWorker } from '../helper/process-faults.js';
import { type ProcessAnswer, ServerProcess } from '../helper/server-process.js';
import { faultsOf } from './helper/fault.js';
import { closedLoop } from './helper/load.js';

const BODY = JSON.stringify(EXAMPLE);

const fault = faultsOf('Processes that end');
afterEach(() => ServerProcess.killAll());

fault(
  'SIGTERM with 100 requests in flight',
  { load: '100 requests, each with half its body sent', expected: 'all answered 200, exit code 0' },
  async () => {
    const server = await ServerProcess.ready([], { DRAIN_SECONDS: '1', GRACE_SECONDS: '100' });
    const requests = Array.from({ length: 100 }, () => server.open('/predict', { begin: BODY.slice(0, 20) }));
    // And the one that asks.
    await server.until(async () =>
      (await server.ask('/metrics')).text.includes('skewless_http_requests_in_flight 101\n'),
    );
    server.signal('SIGTERM');
    await server.until(() =>
      server.ask('/health/ready').then(
        ({ status }) => status === 503,
        () => true,
      ),
    );
    const answers: ProcessAnswer[] = await Promise.all(requests.map(({ finish }) => finish(BODY.slice(20))));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(await server.ended).toEqual({ code: 0, signal: null });
    return '100 answered 200, exit code 0';
  },
);

fault(
  'kill -9 of one of two workers',
  {
    load: '8 clients without a pause',
    expected: 'the other one serves, no request hangs, a new worker is ready',
  },
  async () => {
    const server = await ServerProcess.start(['--workers', '2'], { LOG_LEVEL: 'info' });
    await server.until(() => server.pids.length === 2);
    const load = closedLoop(server, 8, '/predict', BODY);
    await server.until(() => load.outcomes.total > 500);
    process.kill(server.pids[0], 'SIGKILL');
    const killed = performance.now();
    const served = load.outcomes.counts[200];
    await server.until(() => server.pids.length === 3);
    const milliseconds = performance.now() - killed;
    const meanwhile = load.outcomes.counts[200] - served;
    await server.until(() => load.outcomes.counts[200] > served);
    const { counts } = await load.stop();
    const broken = Object.entries(counts).filter(([outcome]) => outcome !== '200');
    const resets = (counts.ECONNRESET ?? 0) + (counts.EPIPE ?? 0);
    expect(broken.filter(([outcome]) => !['ECONNRESET', 'EPIPE'].includes(outcome))).toEqual([]);
    expect(resets).toBeLessThanOrEqual(8);
    return `ready again after ${Math.round(milliseconds)} ms, ${meanwhile} answered meanwhile, ${resets} connections of the killed worker reset, none hung`;
  },
);

fault(
  'SIGSTOP of one of two workers, then SIGTERM',
  { load: 'none; GRACE_SECONDS 0.1', expected: 'the stopped worker is killed, none is left, exit code 0' },
  async () => {
    expect(await endWithStoppedWorker()).toEqual({ code: 0, left: [] });
    return 'exit code 0, no worker left';
  },
);

for (const workers of [1, 2]) {
  fault(
    `SIGTERM while clients go on asking, ${workers === 1 ? 'one worker' : 'two workers'}`,
    {
      load: '16 clients on connections that stay open, 16 with new ones, none pauses',
      expected: 'each is answered 200 until its connection is refused; none is reset',
    },
    async () => {
      const { answered, ends } = await askToTheEnd(32, workers, 0.5);
      expect(ends).toEqual(Array(32).fill('ECONNREFUSED'));
      return `${answered} x 200, then 32 refused, none reset`;
    },
  );
}
