import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** When nobody has come for so long, those who ask are all waiting for an answer. */
const QUIET_MILLISECONDS = 50;
/** Clients without number never leave a quiet moment. */
const LONGEST_MILLISECONDS = 1_000;

/**
 * Closes a server without resetting a connection. The kernel resets those that wait to be accepted when the listening
 * socket closes, of which Node takes one a turn, and a request that arrives while its idle connection is closed is lost
 * too. So from now on requests are held, and who waits for an answer does not come again; when nobody comes any more, the
 * socket is closed, and all are answered.
 *
 * @param portClosed settles once no other process listens on the port either
 * @returns when the port is closed and what was held is being answered; requests in flight may go on
 */
export async function stopListening(server: Server, portClosed: () => Promise<void>): Promise<void> {
  const listeners = server.listeners('request') as RequestListener[];
  const held: (readonly [IncomingMessage, ServerResponse])[] = [];
  let connections = 0;
  server.removeAllListeners('request').on('request', (request, response) => held.push([request, response]));
  server.on('connection', () => connections++);
  const come = (): number => connections + held.length;
  for (const end = performance.now() + LONGEST_MILLISECONDS; performance.now() < end;) {
    const before = come();
    await sleep(QUIET_MILLISECONDS);
    // What came while this process was busy is only seen now.
    await nextTurn();
    if (come() === before) break;
  }
  server.close();
  await portClosed();
  server.removeAllListeners('request');
  for (const listener of listeners) server.on('request', listener);
  for (const [request, response] of held) server.emit('request', request, response);
}
