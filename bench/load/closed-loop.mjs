import { once } from 'node:events';
import { connect } from 'node:net';
import { AnswerReader } from './answer-reader.mjs';

const DRAIN_MS = 30_000;
/** A count of requests that takes longer ends the run. */
const WHOLE_COUNT_SECONDS = 120;

/**
 * Keeps `connections` busy for `seconds`, or for `count` requests: each sends its next request as soon as its last one is answered.
 *
 * @param observe called once all connections are open, right before the first request, and after the last answer
 * @returns milliseconds until the last answer, the latency of each request in milliseconds, and what `observe` saw
 */
export async function closedLoop({
  port,
  requests,
  connections,
  seconds = WHOLE_COUNT_SECONDS,
  count = Infinity,
  observe,
}) {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const before = observe();
  const started = performance.now();
  const latencies = [];
  let sent = 0;
  const nextRequest = () => {
    const isOver = sent >= count || performance.now() - started >= seconds * 1_000;
    return isOver ? undefined : requests[sent++ % requests.length];
  };
  const overdue = setTimeout(
    () => sockets.forEach((socket) => socket.destroy(new Error('No answer in time'))),
    seconds * 1_000 + DRAIN_MS,
  );
  try {
    await Promise.all(sockets.map((socket) => keepBusy(socket, nextRequest, latencies)));
    return { elapsed: performance.now() - started, latencies, before, after: observe() };
  } finally {
    clearTimeout(overdue);
    sockets.forEach((socket) => socket.destroy());
  }
}

async function open(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

function keepBusy(socket, nextRequest, latencies) {
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader();
    let sentAt;
    const send = () => {
      const request = nextRequest();
      if (!request) return resolve();
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('data', (bytes) => {
      try {
        if (!reader.read(bytes)) return;
      } catch (error) {
        return reject(error);
      }
      latencies.push(performance.now() - sentAt);
      send();
    });
    socket.on('error', reject).on('close', () => reject(new Error('The server closed a connection')));
    send();
  });
}
