import { generateKey } from '../../apps/api/src/security/keys/api-key.js';
import { EXAMPLE, freePort, portOf, takePort } from '#testing';
import { grpcClient } from '../helper/grpc-client.js';
import { endWithStoppedWorker } from '../helper/process-faults.js';
import { isAlive, ServerProcess } from '../helper/server-process.js';

const BODY = JSON.stringify(EXAMPLE);

const taken = (port: number): string =>
  `error: Port ${port} on 127.0.0.1 is in use: stop the process that uses it, or choose another server.port (PORT), such as PORT=8000 npm start`;

afterEach(() => ServerProcess.killAll());

describe('Several workers', () => {
  it('refuse to load or unload a model, which would reach one of them only', async () => {
    const { key, line } = generateKey('ops', ['admin']);
    const grpcPort = await freePort();
    const server = await ServerProcess.ready(['--workers', '2'], { API_KEYS: line, GRPC_PORT: String(grpcPort) });
    const detail =
      'This would reach only one of several workers; move aliases in the models folder, which every worker watches, or run a single worker: server.workers (WORKERS), or --workers 1.';
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

  it('start once the first has loaded its model, so that none answers 503 while another is ready', async () => {
    const server = await ServerProcess.start(['--workers', '3']);
    await server.until(() => server.pids.length === 3);
    // Lines of several processes come in any order; their times do not.
    const byTime = server.lines.sort((a, b) => a.time - b.time);
    const loaded = byTime.find(({ msg }) => msg.includes(' is ready: '))!;
    const [, ...others] = new Set(byTime.map(({ pid }) => pid).filter((pid) => pid !== server.pid));
    expect(others).toHaveLength(2);
    for (const of of others) expect(byTime.find(({ pid }) => pid === of)!.time).toBeGreaterThanOrEqual(loaded.time);
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
