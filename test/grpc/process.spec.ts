import { grpcClient } from '../helper/grpc-client.js';
import { ServerProcess } from '../helper/server-process.js';
import { INPUTS, MODEL } from '../helper/inference-grpc.js';
import { portOf, takePort, until } from '#testing';

afterEach(() => ServerProcess.killAll());

describe('A process with gRPC', () => {
  const grpcPortOf = (server: ServerProcess): Promise<number> =>
    server.until(() => {
      const line = server.lines.find(({ msg }) => msg.startsWith('gRPC listens on port '));
      return line && Number(line.msg.split(' ').at(-1));
    });

  it('names the port that is taken, and ends as it does for HTTP', async () => {
    const holder = await takePort();
    const port = portOf(holder);
    const server = await ServerProcess.start([], { GRPC_PORT: String(port) });
    const { code } = await server.ended;
    holder.close();
    const remedy =
      'stop the process that uses it, or choose another grpc.port (GRPC_PORT), such as GRPC_PORT=8001 npm start';
    expect([code, server.stderr]).toEqual([
      78,
      `error: Port ${port} on 127.0.0.1 is in use: ${remedy} (GRPC_ENABLED=false does without gRPC)\n`,
    ]);
  });

  it('shares the port among workers', async () => {
    const server = await ServerProcess.ready(['--workers', '2']);
    const port = await grpcPortOf(server);
    await server.until(() => server.lines.filter(({ msg }) => msg === `gRPC listens on port ${port}`).length === 2);
    for (let i = 0; i < 4; i++) {
      const client = grpcClient(port);
      expect((await client.call('ModelInfer', { ...MODEL, inputs: INPUTS })).status).toBe('OK');
      client.close();
    }
    server.signal('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });

  /** Watches its health until that ends. */
  const watch = async (server: ServerProcess, seen: string[]): Promise<Error | void> => {
    const health = grpcClient(await grpcPortOf(server), 'grpc.health.v1.Health');
    try {
      for await (const { status } of health.stream('Watch', { service: '' })) seen.push(status as string);
    } catch (error) {
      return error as Error;
    } finally {
      health.close();
    }
  };

  it('tells NOT_SERVING when it is told to end, and goes on serving while it drains', async () => {
    const server = await ServerProcess.ready([], { DRAIN_SECONDS: '3600' });
    const client = grpcClient(await grpcPortOf(server));
    const seen: string[] = [];
    void watch(server, seen);
    await until(() => seen.length === 1);
    server.signal('SIGTERM');
    await until(() => seen.length === 2);
    expect(seen).toEqual(['SERVING', 'NOT_SERVING']);
    expect((await client.call('ModelInfer', { ...MODEL, inputs: INPUTS })).status).toBe('OK');
    expect((await client.call('ServerReady')).message).toEqual({ ready: false });
    client.close();
  });

  it('cuts who only watches when it ends', async () => {
    const server = await ServerProcess.ready([], { GRACE_SECONDS: '1' });
    const seen: string[] = [];
    const watching = watch(server, seen);
    await until(() => seen.length === 1);
    server.signal('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(await watching).toBeInstanceOf(Error);
  });
});
