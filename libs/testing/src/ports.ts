import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** Binds a free port and keeps it. */
export async function takePort(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Ports below those that operating systems give to whoever asks for any. */
const [FIRST, PORTS] = [10_000, 20_000];
let turn = randomInt(PORTS);

/** A port that was free just now, and that nobody takes by chance before it is needed. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(FIRST + (turn++ % PORTS), '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    const port = isFree && portOf(server);
    server.close();
    if (port) return port;
  }
}
