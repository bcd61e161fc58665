import { once } from 'node:events';
import { createServer } from 'node:http';

const SINGLE = { name: 'self-check', path: '/', rows: 1, connections: 8 };
const LENGTH = { seconds: 0.2 };

/** Proves that the load generator counts what a server counts, in both ways to end an answer, and refuses a 503. */
export async function selfCheck(load) {
  for (const isChunked of [false, true]) {
    const server = await serve((response) => answer(response, isChunked));
    const { requests } = await load.sample(SINGLE, { port: server.port, pid: process.pid }, LENGTH);
    await server.close();
    if (requests !== server.answered()) {
      throw new Error(`The load generator counted ${requests} of ${server.answered()} answers`);
    }
  }
  const failing = await serve((response, count) => {
    if (count === 100) response.statusCode = 503;
    answer(response, false);
  });
  const outcome = await load.sample(SINGLE, { port: failing.port, pid: process.pid }, LENGTH).catch((error) => error);
  await failing.close();
  if (!(outcome instanceof Error)) throw new Error('The load generator did not notice a 503');
}

function answer(response, isChunked) {
  if (isChunked) response.write('{"a":10');
  else response.setHeader('Content-Length', 8);
  response.end(isChunked ? '0}' : '{"a":10}');
}

async function serve(respond) {
  let count = 0;
  const server = createServer((request, response) => request.resume().on('end', () => respond(response, ++count)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    answered: () => count,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}
