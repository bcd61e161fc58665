import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** After this long without an arrival, all clients are waiting for an answer. */
const QUIET_MILLISECONDS = 50;
/** With very many clients there is never a quiet moment. */
const LONGEST_MILLISECONDS = 1_000;

/**
 * Closes a server without resetting a connection. When a listening socket closes, the kernel resets the connections
 * that wait to be accepted (Node accepts one per turn), and a request that arrives while its idle connection is being
 * closed is lost. So requests are held first: clients that wait for an answer send no new ones. Once nothing new
 * arrives, the socket is closed and all held requests are answered.
 *
 * @param portClosed settles once no other process listens on the port either
 * @returns when the port is closed and held requests are being answered; requests in flight may continue
 */
export async function stopListening(server: Server, portClosed: () => Promise<void>): Promise<void> {
  const listeners = server.listeners('request') as RequestListener[];
  const held: (readonly [IncomingMessage, ServerResponse])[] = [];
  let connections = 0;
  server.removeAllListeners('request').on('request', (request, response) => held.push([request, response]));
  server.on('connection', () => connections++);
  const arrivals = (): number => connections + held.length;
  for (const end = performance.now() + LONGEST_MILLISECONDS; performance.now() < end;) {
    const before = arrivals();
    await sleep(QUIET_MILLISECONDS);
    // Arrivals while this process was busy are only counted now.
    await nextTurn();
    if (arrivals() === before) break;
  }
  server.close();
  await portClosed();
  server.removeAllListeners('request');
  for (const listener of listeners) server.on('request', listener);
  for (const [request, response] of held) server.emit('request', request, response);
}
