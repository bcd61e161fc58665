import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { until } from '#testing';
import { type ConnectionServer, GrpcPort } from './grpc-port.js';

const ADDRESS = { host: '127.0.0.1', port: 0, maxConnections: 10 };

/** A load that is in progress. */
interface Load {
  readonly resolve: (server: ConnectionServer) => void;
  readonly reject: (error: Error) => void;
}

describe('GrpcPort', () => {
  let port: GrpcPort;
  let number: number;
  let accepted: Socket[];
  let closed: number;
  let loads: Load[];
  let failures: string[];
  const server: ConnectionServer = {
    accept: (connection) => void accepted.push(connection.on('error', () => undefined)),
    close: () => Promise.resolve(void closed++),
  };
  const connected = async (): Promise<Socket> => {
    const socket = connect(number, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };

  beforeEach(async () => {
    [accepted, closed, loads, failures] = [[], 0, [], []];
    port = new GrpcPort();
    const load = (): Promise<ConnectionServer> => new Promise((resolve, reject) => loads.push({ resolve, reject }));
    number = await port.listen(ADDRESS, load, ({ message }) => failures.push(message));
  });
  afterEach(async () => {
    accepted.forEach((connection) => connection.destroy());
    loads.forEach(({ resolve }) => resolve(server));
    await port.onApplicationShutdown();
  });

  it('loads the server for the first connection, and hands all over to it', async () => {
    expect(loads).toHaveLength(0);
    const clients = [await connected(), await connected()];
    clients[0].write('early');
    await until(() => loads.length === 1);
    loads[0].resolve(server);
    await until(() => accepted.length === 2);
    clients.push(await connected());
    await until(() => accepted.length === 3);
    expect(loads).toHaveLength(1);
    const first = accepted.find(({ remotePort }) => remotePort === clients[0].localPort)!;
    expect(String((await once(first, 'data'))[0])).toBe('early');
  });

  it('forgets a connection that breaks before the server is loaded', async () => {
    const client = await connected();
    await until(() => loads.length === 1);
    client.resetAndDestroy();
    const { listener } = port as unknown as { listener: Server };
    await until(async () => (await promisify(listener.getConnections.bind(listener))()) === 0);
    const other = await connected();
    loads[0].resolve(server);
    await until(() => accepted.length > 0);
    expect(accepted.map(({ remotePort }) => remotePort)).toEqual([other.localPort]);
  });

  it('closes connections, and says why, where the server cannot be loaded', async () => {
    const client = await connected();
    await until(() => loads.length === 1);
    loads[0].reject(new Error('no such package'));
    await once(client, 'close');
    expect([accepted, failures]).toEqual([[], ['no such package']]);
  });

  it('hands nothing over once it is closed, and closes a server that is loaded only then', async () => {
    const client = await connected();
    await until(() => loads.length === 1);
    const ended = port.onApplicationShutdown();
    loads[0].resolve(server);
    await ended;
    await once(client, 'close');
    expect([accepted, closed]).toEqual([[], 1]);
    await expect(connected()).rejects.toThrow('ECONNREFUSED');
  });

  it('closes at once what exceeds the limit of connections', async () => {
    const other = new GrpcPort();
    const load = (): Promise<ConnectionServer> => Promise.resolve(server);
    number = await other.listen({ ...ADDRESS, maxConnections: 1 }, load, () => undefined);
    await connected();
    await until(() => accepted.length === 1);
    const second = await connected();
    await once(second, 'close');
    expect(accepted).toHaveLength(1);
    await other.onApplicationShutdown();
  });
});
