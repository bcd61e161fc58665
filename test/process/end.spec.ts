import { Agent } from 'node:http';
import { EXAMPLE, until } from '#testing';
import { askToTheEnd } from '../helper/process-faults.js';
import { type ProcessAnswer, ServerProcess } from '../helper/server-process.js';

const BODY = JSON.stringify(EXAMPLE);
const BATCH = JSON.stringify({ instances: Array(20_000).fill(EXAMPLE) });

/** Longer than any test may take: what waits for it never ends well. */
const NEVER = '3600';

afterEach(() => ServerProcess.killAll());

describe('A server process that is told to end', () => {
  it('turns unready at once, goes on serving while it drains, and loses no request', async () => {
    const server = await ServerProcess.ready([], { DRAIN_SECONDS: NEVER, LOG_LEVEL: 'warn' });
    const agent = new Agent({ keepAlive: true });
    const answers: ProcessAnswer[] = [];
    let isUnready = false;
    /** Asks without a pause, and as a load balancer does, a little longer than the server is ready. */
    const client = async (): Promise<void> => {
      for (let more = 10; more > 0;) {
        if (isUnready) more--;
        answers.push(await server.ask('/predict', { body: BODY, agent }));
      }
    };
    const clients = Promise.all([client(), client(), client(), client()]);
    await server.until(() => answers.length > 100);
    const upload = server.open('/predict', { begin: BODY.slice(0, 20) });
    const batch = server.ask('/predict/batch', { body: BATCH, agent });
    server.signal('SIGTERM');

    const unready = await server.until(async () => {
      const answer = await server.ask('/health/ready');
      return answer.status === 503 && answer;
    });
    isUnready = true;
    // One whose body does not come for ten seconds is refused.
    const finished = await upload.finish(BODY.slice(20));
    expect([finished.status, finished.headers.connection]).toEqual([200, 'close']);
    const live = await server.ask('/health/live');
    expect(JSON.parse(unready.text)).toMatchObject({ status: 'shutting_down' });
    expect([live.status, live.headers.connection]).toEqual([200, 'close']);

    await clients;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers[0].headers.connection).toBe('keep-alive');
    expect(answers.slice(-30).map(({ headers }) => headers.connection)).toEqual(Array(30).fill('close'));
    const { status, text } = await batch;
    expect([status, (JSON.parse(text) as { count: number }).count]).toEqual([200, 20_000]);

    expect(server.stderr).toBe('');
    agent.destroy();
  });

  it('answers a request that was begun before the port was closed', async () => {
    const server = await ServerProcess.ready([], { GRACE_SECONDS: NEVER });
    const upload = server.open('/predict', { begin: BODY.slice(0, 20) });
    await server.until(async () =>
      (await server.ask('/metrics')).text.includes('skewless_http_requests_in_flight 2\n'),
    );
    server.signal('SIGTERM');
    await until(() =>
      server.ask('/health/live').then(
        () => false,
        () => true,
      ),
    );
    const { status, headers } = await upload.finish(BODY.slice(20));
    expect([status, headers.connection]).toEqual([200, 'close']);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.stderr).toBe('');
  });

  it.each([
    { workers: 1, drain: 0 },
    { workers: 2, drain: 0 },
    { workers: 1, drain: 0.5 },
    { workers: 2, drain: 0.5 },
  ])('resets nobody who goes on asking: $workers workers, $drain s of draining', async ({ workers, drain }) => {
    const { ends } = await askToTheEnd(32, workers, drain);
    expect(ends).toEqual(Array(32).fill('ECONNREFUSED'));
  });

  it('does not wait for idle connections', async () => {
    const server = await ServerProcess.ready([], { GRACE_SECONDS: NEVER });
    const agent = new Agent({ keepAlive: true });
    expect((await server.ask('/predict', { body: BODY, agent })).status).toBe(200);
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    agent.destroy();
  });

  it('cuts requests that outlast the grace', async () => {
    const server = await ServerProcess.ready([], { GRACE_SECONDS: '0.2' });
    const upload = server.open('/predict', { begin: BODY.slice(0, 20) });
    expect((await server.ask('/health/live')).status).toBe(200);
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await expect(upload.finish(BODY.slice(20))).rejects.toThrow();
  });

  it('does not drain on SIGINT, which is a developer at the keyboard', async () => {
    const server = await ServerProcess.ready([], { DRAIN_SECONDS: NEVER });
    server.signal('SIGINT');
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });
});
