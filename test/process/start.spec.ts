import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { USAGE } from '../../apps/api/src/command-line.js';
import { EXAMPLE, freePort, portOf, takePort } from '#testing';
import { fillLog, lostLines } from '../helper/process-faults.js';
import { ServerProcess } from '../helper/server-process.js';

const BODY = JSON.stringify(EXAMPLE);

const taken = (port: number): string =>
  `error: Port ${port} on 127.0.0.1 is in use: stop the process that uses it, or choose another server.port (PORT), such as PORT=8000 npm start`;

afterEach(() => ServerProcess.killAll());

describe('A server process that starts', () => {
  it('says where it listens, serves, and logs one line of JSON per request', async () => {
    const server = await ServerProcess.ready();
    expect(await server.until(() => server.lines.find(({ msg }) => msg.startsWith('Skewless')))).toMatchObject({
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
