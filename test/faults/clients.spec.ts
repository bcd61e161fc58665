import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { EXAMPLE } from '#testing';
import { ServerProcess } from '../helper/server-process.js';
import { faultsOf } from './helper/fault.js';
import { closedLoop } from './helper/load.js';
import { postBytes, rawSocket, statusesIn } from './helper/raw-socket.js';
import { residentMebibytes } from './helper/resources.js';
import { signed } from './helper/signed.js';

const BODY = JSON.stringify(EXAMPLE);
const LIMIT_BYTES = 1_048_576;
const fault = faultsOf('Hostile and broken clients');

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.ready([], {
    BODY_LIMIT_BYTES: String(LIMIT_BYTES),
    MAX_BATCH_INSTANCES: '1000',
    HEADERS_TIMEOUT_SECONDS: '3',
    LOG_LEVEL: 'error',
  });
  // Memory is measured against that of a server at work.
  const warmUp = closedLoop(server, 8, '/predict', BODY);
  await server.until(() => warmUp.outcomes.total > 3_000);
  await warmUp.stop();
});
afterAll(() => ServerProcess.killAll());

/** Sends bytes on a connection of their own and tells the statuses that came back. */
const statusesOf = async (bytes: Buffer | string, options?: { halfClose: boolean }): Promise<number[]> =>
  statusesIn(await rawSocket(server.port, bytes, options).answer);

/** What `act` did to the server's memory, in MiB; it must still serve. */
async function growth(act: () => Promise<void>): Promise<number> {
  expect(await statusesOf(postBytes('/predict', BODY))).toEqual([200]);
  const before = residentMebibytes(server.pid);
  await act();
  const after = residentMebibytes(server.pid);
  expect(await statusesOf(postBytes('/predict', BODY))).toEqual([200]);
  return Math.round(after - before);
}

fault(
  '500 slow-loris connections',
  {
    load: '500 connections that send a header byte a second; 8 clients without a pause',
    expected: 'others are served; each slow one gets 408 after server.headersTimeoutSeconds (here 3 s)',
  },
  async () => {
    const slow = Array.from({ length: 500 }, () => rawSocket(server.port, 'POST /predict HTTP/1.1\r\nX-Slow: '));
    const drip = setInterval(() => slow.forEach(({ socket }) => socket.writable && socket.write('x')), 1_000);
    const load = closedLoop(server, 8, '/predict', BODY);
    const statuses: number[] = [];
    const grown = await growth(async () => {
      for (const { answer } of slow) statuses.push(...statusesIn(await answer));
    });
    clearInterval(drip);
    const outcomes = await load.stop();
    expect(Object.keys(outcomes.counts)).toEqual(['200']);
    expect(statuses).toEqual(Array(500).fill(408));
    expect(grown).toBeLessThan(150);
    return `500 x 408; others: ${outcomes.toString()}; memory ${signed(grown)} MiB`;
  },
);

const longHeader = (bytes: number): string => `X-Long: ${'x'.repeat(bytes - 'X-Long: '.length)}`;
const padded = (bytes: number): string => BODY + ' '.repeat(bytes - BODY.length);
const batchOf = (instances: number): string => JSON.stringify({ instances: Array(instances).fill(EXAMPLE) });

fault(
  'one over every limit',
  {
    load: 'body of the limit and a byte more; 1,000 and 1,001 instances; 16 KiB of headers',
    expected: '200, then 413, 422, 431',
  },
  async () => {
    const statuses = [
      ...(await statusesOf(postBytes('/predict', padded(LIMIT_BYTES)))),
      ...(await statusesOf(postBytes('/predict', padded(LIMIT_BYTES + 1)))),
      ...(await statusesOf(postBytes('/predict/batch', batchOf(1_000)))),
      ...(await statusesOf(postBytes('/predict/batch', batchOf(1_001)))),
      ...(await statusesOf(postBytes('/predict', BODY, [longHeader(8_000)]))),
      ...(await statusesOf(postBytes('/predict', BODY, [longHeader(16_384)]))),
    ];
    expect(statuses).toEqual([200, 413, 200, 422, 200, 431]);
    return statuses.join(', ');
  },
);

fault('gzip bomb', { load: '10 bodies of 100 KB that unpack to 100 MB', expected: '413, memory bounded' }, async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000, ' '));
  const grown = await growth(async () => {
    const statuses: number[] = [];
    // There is room for eight bodies of the limit at once, and a decoder counts as one; more are 503.
    for (const atOnce of [4, 4, 2]) {
      const answers = Array.from({ length: atOnce }, () =>
        statusesOf(postBytes('/predict', bomb, ['Content-Encoding: gzip'])),
      );
      statuses.push(...(await Promise.all(answers)).flat());
    }
    expect(statuses).toEqual(Array(10).fill(413));
  });
  expect(grown).toBeLessThan(100);
  return `10 x 413; memory ${signed(grown)} MiB`;
});

const DEEP = '['.repeat(500_000) + ']'.repeat(500_000);
const WIDE = `{${Array.from({ length: 100_000 }, (_, i) => `"${i.toString(36)}":0`).join(',')}}`;

fault(
  'JSON 500,000 deep, and with 100,000 keys',
  { load: 'as an instance and as a batch', expected: '422 or 400 that bounds what it lists, memory bounded' },
  async () => {
    const seen: number[] = [];
    const grown = await growth(async () => {
      for (const path of ['/predict', '/predict/batch']) {
        for (const body of [DEEP, WIDE]) {
          const answer = await rawSocket(server.port, postBytes(path, body)).answer;
          expect(answer.length).toBeLessThan(50_000);
          seen.push(...statusesIn(answer));
        }
      }
    });
    expect(seen).toHaveLength(4);
    for (const status of seen) expect([400, 422]).toContain(status);
    expect(grown).toBeLessThan(150);
    return `${seen.join(', ')}; memory ${signed(grown)} MiB`;
  },
);

fault(
  '`__proto__`, invalid UTF-8, a lone surrogate, NaN',
  {
    load: 'single requests',
    expected: '422 for a field that does not belong, 400 for what is no JSON; nothing polluted',
  },
  async () => {
    const polluted = BODY.replace('{', '{"__proto__":{"feature_1":9,"isAdmin":true},');
    const constructed = BODY.replace('{', '{"constructor":{"prototype":{"feature_1":9}},');
    const surrogate = BODY.replace('{', '{"\\ud800":1,');
    const statuses = [
      ...(await statusesOf(postBytes('/predict', polluted))),
      ...(await statusesOf(postBytes('/predict', constructed))),
      ...(await statusesOf(postBytes('/predict', surrogate))),
      ...(await statusesOf(postBytes('/predict', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])))),
      ...(await statusesOf(postBytes('/predict', BODY.replace('0.5', 'NaN')))),
      ...(await statusesOf(postBytes('/predict', BODY.replace('0.5', '1e999')))),
      ...(await statusesOf(postBytes('/predict', BODY))),
    ];
    expect(statuses).toEqual([422, 422, 422, 400, 400, 422, 200]);
    return statuses.join(', ');
  },
);

fault(
  'pipelined and half-closed requests',
  {
    load: '20 requests in one packet; a client that closes its side after sending',
    expected: '20 answers in order; the half-closed one is answered too',
  },
  async () => {
    const one = `POST /predict HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
    const pipelined = await statusesOf(one.repeat(19) + one.replace('Host: here', 'Host: here\r\nConnection: close'));
    const halfClosed = await statusesOf(postBytes('/predict', BODY), { halfClose: true });
    expect(pipelined).toEqual(Array(20).fill(200));
    expect(halfClosed).toEqual([200]);
    return '20 x 200 in order; half-closed: 200';
  },
);

fault(
  'requests that are no HTTP, or contradict themselves',
  {
    load: 'noise, two lengths, a length and chunks, a chunk that lies, an upload cut off',
    expected: '400 each, the server goes on',
  },
  async () => {
    const post = 'POST /predict HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n';
    const statuses = [
      ...(await statusesOf('\u0016\u0003\u0001\u0002 noise\r\n\r\n')),
      ...(await statusesOf(`${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}`)),
      ...(await statusesOf(`${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`)),
      ...(await statusesOf(`${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`)),
    ];
    const cut = rawSocket(server.port, `${post}Content-Length: 100\r\n\r\n{`);
    await sleep(50);
    cut.socket.resetAndDestroy();
    expect(statuses).toEqual([400, 400, 400, 400]);
    expect(await statusesOf(postBytes('/predict', BODY))).toEqual([200]);
    return '400 each; the next request 200';
  },
);
