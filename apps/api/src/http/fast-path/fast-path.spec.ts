import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { FastAnswer } from './fast-connection.js';
import { answerFast } from './fast-path.js';
import { callbacksOf, type ParserCallbacks, parserOf } from './node-parser.js';

const FIXED = ['X-Fixed', 'yes'];
const TYPE = 'text/plain';
const opened: Server[] = [];
let draining = false;

/** Upper-cases a body; those with "slow" only in the ordinary way, after some turns. */
const shout = (body: Buffer): string => body.toString().toUpperCase();

interface Counted {
  readonly server: Server;
  readonly port: number;
  /** The bodies answered either way, in order. */
  readonly fast: string[];
  readonly ordinary: string[];
  /** What the parsers of its connections called at first. */
  readonly callbacks: readonly ParserCallbacks[];
  /** Waits until so many bytes of the last connection were read. */
  hasRead(bytes: number): Promise<void>;
}

async function listening(server: Server): Promise<number> {
  opened.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that answers POST /shout, if asked to by the fast path too. */
async function serve(isFast: boolean, options: object = {}): Promise<Counted> {
  const [fast, ordinary]: string[][] = [[], []];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    ordinary.push(body.toString());
    if (body.includes('slow')) for (let i = 0; i < 3; i++) await turn();
    if (body.includes('wait')) await sleep(300);
    const text = shout(body);
    const id = request.headers['x-request-id'];
    response.setHeader('X-Fixed', 'yes');
    if (id !== undefined) response.setHeader('X-Request-Id', id);
    response.setHeader('Content-Type', TYPE).setHeader('Content-Length', Buffer.byteLength(text)).end(text);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch(() => response.destroy());
  };
  const server = createServer({ keepAliveTimeout: 5_000, ...options }, listener).on('checkExpectation', listener);
  const sockets: Socket[] = [];
  const callbacks: ParserCallbacks[] = [];
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    callbacks.push(callbacksOf(parserOf(socket)!)!);
  });
  const shoutFast: FastAnswer = (headers, body, response) => {
    if (body.includes('slow') || body.includes('wait')) return undefined;
    if (body.includes('bye')) process.nextTick(() => sockets.at(-1)!.emit('end'));
    const id = headers['x-request-id'];
    response.contextHeaders = id === undefined ? [] : ['X-Request-Id', id];
    response.sendWhole(200, TYPE, shout(body));
    return () => fast.push(body.toString());
  };
  if (isFast) answerFast(server, new Map([['/shout', shoutFast]]), FIXED, () => draining);
  const hasRead = async (bytes: number): Promise<void> => {
    while (sockets.at(-1)?.bytesRead !== bytes) await turn();
  };
  return { server, port: await listening(server), fast, ordinary, callbacks, hasRead };
}

const post = (body: string, fields = 'Content-Type: application/json\r\n', version = '1.1', path = '/shout'): string =>
  `POST ${path} HTTP/${version}\r\nHost: here\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** Sends packets, each once the one before has been read, and reads until there are `answers`, or the server closes. */
async function exchange(
  to: Counted,
  packets: readonly (string | Buffer)[],
  answers: number,
  ends = false,
): Promise<string> {
  const socket = connect(to.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (!ends && text.split('HTTP/1.1 ').length > answers) socket.end();
  });
  const closed = once(socket, 'close');
  let bytes = 0;
  for (const packet of packets.slice(0, -1)) {
    socket.write(packet);
    await to.hasRead((bytes += Buffer.byteLength(packet)));
  }
  if (ends) socket.end(packets.at(-1)!);
  else socket.write(packets.at(-1)!);
  await closed;
  return text;
}

/** Status, fields without the time, and body of each answer. */
const readable = (text: string): unknown[] =>
  text
    .split(/(?=HTTP\/1\.1 )/)
    .filter(Boolean)
    .map((answer) => {
      const [head, body] = answer.split('\r\n\r\n');
      const [status, ...fields] = head.split('\r\n');
      return [status, fields.filter((field) => !field.startsWith('Date: ')).sort(), body];
    });

afterEach(() => {
  draining = false;
  for (const server of opened.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('The fast path', () => {
  it('answers plain requests without an object of Node, several in one packet in order', async () => {
    const own = await serve(true);
    const { fast, ordinary } = own;
    const answers = await exchange(own, [post('one') + post('tschüß', '') + post('three')], 3);
    expect(readable(answers)).toEqual(
      ['ONE', 'TSCHÜSS', 'THREE'].map((body) => [
        'HTTP/1.1 200 OK',
        [
          'Connection: keep-alive',
          `Content-Length: ${Buffer.byteLength(body)}`,
          'Content-Type: text/plain',
          'Keep-Alive: timeout=5',
          'X-Fixed: yes',
        ],
        body,
      ]),
    );
    expect([fast, ordinary]).toEqual([['one', 'tschüß', 'three'], []]);
  });

  it.each([
    ['a body in a later packet', [post('one').slice(0, -2), 'ne']],
    ['an encoding', [post('one', 'Content-Encoding: identity\r\n')]],
    ['an expectation', [post('one', 'Expect: 200-maybe\r\n')]],
    ['a page of another origin', [post('one', 'Origin: https://there\r\n')]],
    ['another type', [post('one', 'Content-Type: text/plain\r\n')]],
    ['two hosts', [post('one', 'Host: there\r\n')]],
    ['an id twice', [post('one', 'X-Request-Id: a\r\nX-Request-Id: b\r\n')]],
    ['many fields', [post('one', Array.from({ length: 40 }, (_, i) => `X-${i}: ${i}\r\n`).join(''))]],
    ['a wish to close', [post('one', 'Connection: close\r\n')]],
    ['an old version', [post('one', '', '1.0')]],
    ['another path', [post('one', '', '1.1', '/shout?loud')]],
    ['an empty body', [post('')]],
    ['chunks', ['POST /shout HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n']],
    ['what it cannot answer', [post('slow')]],
  ])('leaves to Node %s', async (_, packets) => {
    const [own, plain] = [await serve(true), await serve(false)];
    const [got, expected] = [await exchange(own, packets, 1), await exchange(plain, packets, 1)];
    expect(readable(got)).toEqual(readable(expected));
    expect([own.fast, own.ordinary.length]).toEqual([[], 1]);
  });

  it('leaves all to Node while an agent listens, or the server drains', async () => {
    const own = await serve(true);
    const { server, fast, ordinary } = own;
    const listen = (): void => undefined;
    subscribe('http.server.request.start', listen);
    await exchange(own, [post('heard')], 1);
    unsubscribe('http.server.request.start', listen);
    server.emit = EventEmitter.prototype.emit.bind(server);
    await exchange(own, [post('patched')], 1);
    Reflect.deleteProperty(server, 'emit');
    draining = true;
    await exchange(own, [post('draining')], 1);
    draining = false;
    await exchange(own, [post('free')], 1);
    expect([fast, ordinary]).toEqual([['free'], ['heard', 'patched', 'draining']]);
  });

  it('answers a caller that closes its side, before its answer is out too', async () => {
    const own = await serve(true);
    for (const body of ['one', 'bye']) expect(readable(await exchange(own, [post(body)], 1, true))).toHaveLength(1);
    expect(own.fast).toEqual(['one', 'bye']);
  });

  it('closes idle connections in time, and none that waits for a slow answer', async () => {
    const own = await serve(true, { keepAliveTimeout: 100 });
    const [idle, busy] = [post('one'), post('one') + post('wait')];
    const closed = exchange(own, [idle], 9);
    expect(readable(await exchange(own, [busy], 2))).toHaveLength(2);
    expect(readable(await closed)).toHaveLength(1);
  });

  it('gives parsers back as they were: other servers and clients of the process use them next', async () => {
    const own = await serve(true);
    await exchange(own, [post('one')], 1);
    const other = await serve(false);
    const asked = request({ port: other.port, path: '/shout', method: 'POST' }).end('two');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).toBe('TWO');
    const { headersComplete, body, messageComplete } = other.callbacks[0];
    expect(own.callbacks[0]).toMatchObject({ headersComplete, body, messageComplete });
    expect([own.fast, other.ordinary]).toEqual([['one'], ['two']]);
  });

  it('answers any requests in any packets as Node alone does', async () => {
    const [own, plain] = [await serve(true), await serve(false)];
    const field = fc.constantFrom(
      '',
      'Content-Type: application/json\r\n',
      'X-Request-Id: a\r\n',
      'Expect: no\r\n',
      'Origin: x\r\n',
    );
    const one = fc
      .tuple(fc.constantFrom('a', 'slow', '', 'ü', 'x'.repeat(3_000)), fc.array(field, { maxLength: 3 }))
      .map(([body, fields]) => post(body, fields.join('')));
    const cuts = fc.array(fc.nat(4_000), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 5 }), cuts, async (requests, places) => {
        const text = Buffer.from(requests.join('')).toString('latin1');
        const at = [...new Set([0, ...places.filter((cut) => cut < text.length), text.length])].sort((a, b) => a - b);
        const packets = at.slice(1).map((end, i) => Buffer.from(text.slice(at[i], end), 'latin1'));
        const send = async (to: Counted) => readable(await exchange(to, packets, requests.length));
        expect(await send(own)).toEqual(await send(plain));
      }),
      { numRuns: 300 },
    );
    expect(own.fast.length).toBeGreaterThan(0);
    expect(own.fast.length + own.ordinary.length).toBe(plain.ordinary.length);
  });
});
