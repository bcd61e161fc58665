import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** Binds a free port and keeps it. */
export async function takePort(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** A port that was free just now. */
export async function freePort(): Promise<number> {
  const server = await takePort();
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
