import { Agent } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { USAGE } from '../apps/api/src/command-line.js';
import { EXAMPLE, freePort, portOf, takePort, until } from '#testing';
import { grpcClient } from './helper/grpc-client.js';
import { askToTheEnd, endWithStoppedWorker, fillLog, lostLines } from './helper/process-faults.js';
import { isAlive, type ProcessAnswer, ServerProcess } from './helper/server-process.js';

const BODY = JSON.stringify(EXAMPLE);
const BATCH = JSON.stringify({ instances: Array(20_000).fill(EXAMPLE) });

/** Longer than any test may take: what waits for it never ends well. */
const NEVER = '3600';

const taken = (port: number): string =>
  `error: Port ${port} on 127.0.0.1 is taken: stop what listens there, or choose another server.port (PORT), such as PORT=8000 npm start`;

jest.setTimeout(600_000);
afterEach(() => ServerProcess.killAll());

describe('A server process that starts', () => {
  it('says where it listens, serves, and logs one line of JSON per request', async () => {
    const server = await ServerProcess.ready();
    expect(await server.until(() => server.lines[0])).toMatchObject({
      level: 'info',
      pid: server.pid,
      msg: `Skewless listens on http://127.0.0.1:${server.port}; try http://127.0.0.1:${server.port}/docs`,
    });

    const { status, headers } = await server.ask('/predict?token=secret', { body: BODY });
    expect(status).toBe(200);
    const line = await server.until(() => server.lines.find(({ msg }) => msg === 'request'));
    expect(line).toEqual({
      level: 'info',
      time: expect.any(Number) as number,
      pid: server.pid,
      request_id: headers['x-request-id'],
      method: 'POST',
      path: '/predict',
      status: 200,
      ms: expect.any(Number) as number,
      msg: 'request',
    });

    server.signal('SIGINT');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.stdout).not.toContain('secret');
    expect(server.stderr).toBe('');
  });

  it('lives on without a model, and says why it is not ready', async () => {
    const directory = join(mkdtempSync(join(tmpdir(), 'skewless-')), 'none');
    const server = await ServerProcess.start([], { MODELS_DIR: directory });
    await server.answers('/health/startup');
    const reason = `${directory}: does not exist. Point MODELS_DIR, or models.directory in config/config.yaml, to the folder that holds the models.`;

    const ready = await server.ask('/health/ready');
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.text)).toMatchObject({
      status: 'error',
      error: { model: { status: 'down', message: reason } },
    });
    const prediction = await server.ask('/predict', { body: BODY });
    expect(prediction.status).toBe(503);
    expect(JSON.parse(prediction.text)).toMatchObject({ type: 'urn:skewless:problem:model-not-ready', detail: reason });
    expect((await server.ask('/health/live')).status).toBe(200);

    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    rmSync(join(directory, '..'), { recursive: true });
  });

  it('is told to serve by SageMaker, and does', async () => {
    const server = await ServerProcess.ready(['serve']);
    expect((await server.ask('/ping')).status).toBe(200);
  });

  it('goes on serving when nobody reads its log; what is lost is counted, and said once somebody does', async () => {
    const server = await ServerProcess.ready([], {}, 'unread');
    await fillLog(server);
    server.readLog();
    expect(await server.until(() => lostLines(server.stdout))).toBeGreaterThan(0);
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('ends when told though nobody reads its log', async () => {
    const server = await ServerProcess.ready([], {}, 'unread');
    await fillLog(server);
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it('prints its usage', async () => {
    const server = await ServerProcess.start(['--help']);
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect([server.stdout, server.stderr]).toEqual([`${USAGE}\n`, '']);
  });
});

describe('A server process that cannot start', () => {
  const failure = async (
    args: string[],
    environment: Record<string, string> = {},
  ): Promise<{ code: number | null; stderr: string }> => {
    const server = await ServerProcess.start(args, environment);
    const { code } = await server.ended;
    return { code, stderr: server.stderr };
  };

  it('names the port that is taken', async () => {
    const holder = await takePort();
    const port = portOf(holder);
    const failed = await failure([], { PORT: String(port) });
    holder.close();
    expect(failed).toEqual({ code: 78, stderr: `${taken(port)}\n` });
  });

  it.each([
    ['HOST', 'server.host (HOST in the environment, or --host)'],
    ['GRPC_HOST', 'grpc.host (GRPC_HOST) or server.host (HOST in the environment, or --host)'],
    ['METRICS_HOST', 'metrics.host (METRICS_HOST) or server.host (HOST in the environment, or --host)'],
  ])("names %s where it holds another program's word, as conda's HOST", async (variable, setting) => {
    const word = 'x86_64-conda-linux-gnu';
    const { code, stderr } = await failure([], { METRICS_PORT: String(await freePort()), [variable]: word });
    expect(code).toBe(78);
    expect(stderr).toMatch(/^error: Cannot listen on x86_64-conda-linux-gnu:\d+: .+\n$/);
    expect(stderr).toContain(`"${word}" is ${setting}: it must be an address of this machine, such as 0.0.0.0`);
  });

  it('names every wrong setting', async () => {
    const stderr =
      'error: server.port (from --port) is "http": must be a whole number from 0 to 65535\n' +
      'server.workers (from WORKERS) is 0: must be a whole number from 1 to 256\n';
    expect(await failure(['--port', 'http'], { WORKERS: '0' })).toEqual({ code: 78, stderr });
  });

  it('names an unknown flag', async () => {
    expect(await failure(['--prot', '80'])).toEqual({ code: 78, stderr: "error: Unknown option '--prot'\n" });
  });
});

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
    const upload = server.open('/predict', { begin: BODY.slice(0, 20) });
    await server.until(() => answers.length > 100);
    const batch = server.ask('/predict/batch', { body: BATCH, agent });
    server.signal('SIGTERM');

    const unready = await server.until(async () => {
      const answer = await server.ask('/health/ready');
      return answer.status === 503 && answer;
    });
    isUnready = true;
    const live = await server.ask('/health/live');
    expect(JSON.parse(unready.text)).toMatchObject({ status: 'shutting_down' });
    expect([live.status, live.headers.connection]).toEqual([200, 'close']);

    await clients;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers[0].headers.connection).toBe('keep-alive');
    expect(answers.slice(-30).map(({ headers }) => headers.connection)).toEqual(Array(30).fill('close'));
    const { status, text } = await batch;
    expect([status, (JSON.parse(text) as { count: number }).count]).toEqual([200, 20_000]);

    const finished = await upload.finish(BODY.slice(20));
    expect([finished.status, finished.headers.connection]).toEqual([200, 'close']);
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

describe('Several workers', () => {
  it('refuse to load or unload a model, which would reach one of them only', async () => {
    const { key, line } = generateKey('ops', ['admin']);
    const grpcPort = await freePort();
    const server = await ServerProcess.ready(['--workers', '2'], { API_KEYS: line, GRPC_PORT: String(grpcPort) });
    const detail =
      'This would reach one of several workers; move aliases in the models folder, which every worker watches, or run one: server.workers (WORKERS), or --workers 1.';
    await server.until(() => server.lines.filter(({ msg }) => msg.startsWith('gRPC listens')).length === 2);
    const client = grpcClient(grpcPort);
    for (const what of ['load', 'unload']) {
      const url = `http://127.0.0.1:${server.port}/v2/repository/models/random_forest/${what}`;
      const answer = await fetch(url, { method: 'POST', headers: { 'x-api-key': key } });
      expect([answer.status, await answer.json()]).toEqual([409, { error: detail }]);
      const method = what === 'load' ? 'RepositoryModelLoad' : 'RepositoryModelUnload';
      expect(await client.call(method, { model_name: 'random_forest' }, { 'x-api-key': key })).toMatchObject({
        status: 'FAILED_PRECONDITION',
        details: detail,
      });
    }
    client.close();
    await server.answers('/health/ready');
  });

  it('share the port, replace one that is killed, and end together', async () => {
    const server = await ServerProcess.start(['--workers', '2']);
    await server.until(() => server.pids.length === 2);
    const [killed, other] = server.pids;
    expect([killed, other]).not.toContain(server.pid);
    const servedBy = (): Set<number> =>
      new Set(server.lines.filter(({ msg }) => msg === 'request').map(({ pid }) => pid));
    const predict = async (): Promise<void> => expect((await server.ask('/predict', { body: BODY })).status).toBe(200);

    await server.until(async () => {
      await predict();
      return servedBy().size === 2;
    });
    expect(servedBy()).toEqual(new Set([killed, other]));

    process.kill(killed, 'SIGKILL');
    const line = await server.until(() => server.lines.find(({ level }) => level === 'error'));
    expect(line.msg).toMatch(new RegExp(`^Worker ${killed} ended with SIGKILL; another starts in \\d+ ms$`));
    for (let i = 0; i < 10; i++) await predict();
    const replacement = await server.until(() => server.pids[2]);
    await server.until(async () => {
      await predict();
      return servedBy().has(replacement);
    });

    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.pids).toEqual([killed, other, replacement]);
    expect(server.pids.filter(isAlive)).toEqual([]);
    expect(server.stderr).toBe('');
  });

  it('end also when one of them is stopped, which hears no signal', async () => {
    expect(await endWithStoppedWorker()).toEqual({ code: 0, left: [] });
  });

  it('answer no 503 while a new one loads its model', async () => {
    const server = await ServerProcess.start(['--workers', '2']);
    await server.until(() => server.pids.length === 2);
    const statuses = new Set<number>();
    let isOver = false;
    const knock = async (): Promise<void> => {
      while (!isOver)
        await server.ask('/predict', { body: BODY }).then(
          ({ status }) => statuses.add(status),
          () => 0,
        );
    };
    const callers = Array.from({ length: 8 }, knock);
    for (let kill = 0; kill < 2; kill++) {
      await server.until(() => server.pids.length === kill + 2);
      process.kill(server.pids[kill + 1], 'SIGKILL');
    }
    await server.until(() => server.pids.length === 4);
    isOver = true;
    await Promise.all(callers);
    expect(statuses).toEqual(new Set([200]));
  });

  it('leave no connection without an end when one is killed', async () => {
    const server = await ServerProcess.start(['--workers', '2']);
    await server.until(() => server.pids.length === 2);
    let isOver = false;
    let answered = 0;
    /** Each request on a connection of its own; one that the killed worker had accepted may fail, none may hang. */
    const knock = async (): Promise<void> => {
      while (!isOver) {
        await server.ask('/predict', { body: BODY }).then(
          ({ status }) => (answered += Number(status === 200)),
          (error: NodeJS.ErrnoException) => expect(['ECONNRESET', 'EPIPE']).toContain(error.code),
        );
      }
    };
    const callers = Array.from({ length: 16 }, knock);
    for (let kill = 0; kill < 3; kill++) {
      const before = answered;
      await server.until(() => answered > before + 200 && server.pids.length === kill + 2);
      process.kill(server.pids[kill + 1], 'SIGKILL');
    }
    await server.until(() => server.pids.length === 5);
    isOver = true;
    await Promise.all(callers);
  });

  it('end at once, and are not started again, when the port is taken', async () => {
    const holder = await takePort();
    const port = portOf(holder);
    const server = await ServerProcess.start(['--workers', '2'], { PORT: String(port) });
    const ended = await server.ended;
    holder.close();
    expect(ended).toEqual({ code: 78, signal: null });
    expect(new Set(server.stderr.trim().split('\n'))).toEqual(new Set([taken(port)]));
    expect(server.lines.filter(({ msg }) => msg.startsWith('Worker '))).toEqual([]);
  });
});
