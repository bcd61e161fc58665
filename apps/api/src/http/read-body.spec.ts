import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type OutgoingHttpHeaders,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { Problem } from '../problem/problem.js';
import { leanMessages } from './lean-messages.js';
import { readBody } from './read-body.js';

const LIMIT = 4_096;
const JSON_TEXT = Buffer.from('{"text":"é€😀"}');
const AT_LIMIT = Buffer.alloc(LIMIT, 'x');
const OVER_LIMIT = Buffer.alloc(LIMIT + 1, 'x');

const ACCEPTED = (body: Buffer) => ({ status: 200, text: body.toString() });
const TOO_LARGE = {
  status: 413,
  text: `The body exceeds ${LIMIT} bytes, compressed or decompressed, the limit of server.bodyLimitBytes (BODY_LIMIT_BYTES); send several smaller batches.`,
};
const BROKEN = {
  status: 400,
  text: 'The body cannot be decompressed: it does not match its Content-Encoding, or it is incomplete.',
};

const answerBody: RequestHandler = ({ body }, response) =>
  void response.send(Buffer.isBuffer(body) ? body : 'no body was read');
const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof Problem) response.status(error.status).send(error.detail);
  else next(error);
};

/** Lets some or all of the body arrive before it is read, as an asynchronous guard may. */
const waitFirst: RequestHandler = (request, _response, next) => {
  const { 'x-after': after } = request.headers;
  const hasArrived = (): boolean => request.complete || (after !== 'all' && request.readableLength > 0);
  const poll = (): void => void (hasArrived() ? next() : setImmediate(poll));
  if (after) poll();
  else next();
};

/** End events of the request stream. */
const events: string[] = [];
const noteEvents: RequestHandler = (request, _response, next) => {
  for (const event of ['end', 'error', 'close']) request.on(event, () => events.push(event));
  next();
};

/** Chunked, so that no Content-Length announces the size. */
const CHUNKED = { 'Transfer-Encoding': 'chunked' };

describe('readBody', () => {
  let server: Server;

  beforeAll(async () => {
    const app = express();
    server = createServer(
      leanMessages(app, () => false),
      app,
    );
    app.use(waitFirst, noteEvents, readBody(LIMIT) as RequestHandler, answerBody, answerError);
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));

  /** Without a body it sends only the head, and disconnects when the answer arrives. */
  const send = (
    body: Uint8Array | undefined,
    headers: OutgoingHttpHeaders = {},
    method = 'POST',
  ): Promise<{ status?: number; text: string }> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const length = 'Transfer-Encoding' in headers ? {} : { 'Content-Length': body?.length };
      const request = httpRequest(
        { port, host: '127.0.0.1', method, headers: { ...length, ...headers }, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('error', reject).on('end', () => {
            resolve({ status: response.statusCode, text });
            if (!body) request.destroy();
          });
        },
      );
      request.on('error', reject);
      if (body) request.end(body);
      else request.flushHeaders();
    });

  it.each([undefined, 'identity', 'IDENTITY'])('reads a body as it is with Content-Encoding %s', async (encoding) => {
    expect(await send(JSON_TEXT, encoding ? { 'Content-Encoding': encoding } : {})).toEqual(ACCEPTED(JSON_TEXT));
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('unpacks %s', async (encoding, pack) => {
    expect(await send(pack(JSON_TEXT), { 'Content-Encoding': encoding })).toEqual(ACCEPTED(JSON_TEXT));
    expect(await send(pack(JSON_TEXT), { 'Content-Encoding': encoding, ...CHUNKED })).toEqual(ACCEPTED(JSON_TEXT));
  });

  it.each(['zstd', 'gzip, gzip', 'constructor', '__proto__', 'tostring'])(
    'refuses the encoding %s, without waiting for the body',
    async (encoding) => {
      expect(await send(undefined, { 'Content-Encoding': encoding, ...CHUNKED })).toEqual({
        status: 415,
        text: `Content-Encoding "${encoding}" is not supported here; use one of: gzip, x-gzip, deflate, br.`,
      });
    },
  );

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('refuses %s that is truncated, damaged or no such thing', async (encoding, pack) => {
    const packed = pack(Buffer.from(JSON.stringify(Array.from({ length: 200 }, (_, i) => i * 17))));
    const damaged = Buffer.from(packed).fill(0xff, packed.length >> 1);
    for (const body of [packed.subarray(0, -10), damaged, JSON_TEXT]) {
      expect(await send(body, { 'Content-Encoding': encoding })).toEqual(BROKEN);
    }
  });

  it.each([
    ['with Content-Length', {}],
    ['without', CHUNKED],
  ])('takes a body of exactly the limit and refuses one byte more, %s', async (_, headers) => {
    expect(await send(AT_LIMIT, headers)).toEqual(ACCEPTED(AT_LIMIT));
    expect(await send(OVER_LIMIT, headers)).toEqual(TOO_LARGE);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('holds %s to the limit once unpacked', async (encoding, pack) => {
    const headers = { 'Content-Encoding': encoding };
    expect(await send(pack(AT_LIMIT), headers)).toEqual(ACCEPTED(AT_LIMIT));
    expect(await send(pack(OVER_LIMIT), headers)).toEqual(TOO_LARGE);
  });

  it('refuses a bomb, and goes on serving', async () => {
    const bomb = brotliCompressSync(Buffer.alloc(64 * 1_024 * 1_024));
    expect(bomb.length).toBeLessThan(LIMIT);
    expect(await send(bomb, { 'Content-Encoding': 'br' })).toEqual(TOO_LARGE);
    expect(await send(JSON_TEXT)).toEqual(ACCEPTED(JSON_TEXT));
  });

  it.each([
    ['with Content-Length', {}],
    ['without', CHUNKED],
  ])('holds what is packed to the limit too, %s', async (_, headers) => {
    const nothing = gzipSync(Buffer.alloc(0));
    const members = Buffer.concat(Array<Buffer>(Math.ceil(LIMIT / nothing.length) + 1).fill(nothing));
    expect(members.length).toBeGreaterThan(LIMIT);
    expect(await send(members, { 'Content-Encoding': 'gzip', ...headers })).toEqual(TOO_LARGE);
  });

  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=latin1',
    'application/json ; x=y',
    'application/problem+json',
    'application/vnd.api-v1.2+json',
  ])('reads %s as JSON', async (type) => {
    expect(await send(JSON_TEXT, { 'Content-Type': type })).toEqual(ACCEPTED(JSON_TEXT));
  });

  it.each([
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/x-www-form-urlencoded',
    'json',
    'x application/json',
  ])('refuses %s', async (type) => {
    expect(await send(JSON_TEXT, { 'Content-Type': type })).toEqual({
      status: 415,
      text: `Content-Type "${type}" is not supported here; send application/json.`,
    });
  });

  it('gives an empty body as no bytes', async () => {
    expect(await send(Buffer.alloc(0))).toEqual(ACCEPTED(Buffer.alloc(0)));
    expect(await send(gzipSync(''), { 'Content-Encoding': 'gzip' })).toEqual(ACCEPTED(Buffer.alloc(0)));
  });

  it.each([undefined, 'some', 'all'])('ends the request as a stream where %s of the body came early', async (after) => {
    events.length = 0;
    const headers = after ? { 'X-After': after } : {};
    expect(await send(AT_LIMIT, headers)).toEqual(ACCEPTED(AT_LIMIT));
    expect(await send(OVER_LIMIT, { ...headers, ...CHUNKED })).toEqual(TOO_LARGE);
    expect(await send(Buffer.alloc(0), after === 'all' ? headers : {})).toEqual(ACCEPTED(Buffer.alloc(0)));
    expect(events).toEqual(['end', 'close', 'end', 'close', 'end', 'close']);
  });

  it.each([undefined, 'some'])('puts parts together, also where %s of them came early', async (after) => {
    const { port } = server.address() as AddressInfo;
    const headers = after ? { 'X-After': after } : {};
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    for (const part of ['{"a"', ':[1', ',2]', '}']) {
      request.write(part);
      await new Promise(setImmediate);
    }
    request.end();
    const [response] = await answered;
    expect(await text(response)).toBe('{"a":[1,2]}');
  });

  it('fails a body whose sender goes away', async () => {
    events.length = 0;
    const { port } = server.address() as AddressInfo;
    const headers = { 'Content-Length': LIMIT };
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers }).on('error', () => undefined);
    request.write('{"a"');
    const [received] = (await once(server, 'request')) as [IncomingMessage];
    request.destroy();
    await new Promise((resolve) => received.on('close', resolve));
    expect(events).toEqual(['error', 'close']);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('leaves the body of a %s alone, whatever it claims to be', async (method) => {
    expect(await send(OVER_LIMIT, { 'Content-Type': 'text/plain' }, method)).toEqual({
      status: 200,
      text: 'no body was read',
    });
  });
});
