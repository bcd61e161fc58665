import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Client, type ClientWritableStream, credentials, status } from '@grpc/grpc-js';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE, freePort, until } from '#testing';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';
import { sampleOf } from './helper/metrics-text.js';
import { ServerProcess } from './helper/server-process.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const FULL =
  /^Bodies of \d+ bytes are being received; the limit is 8 times server\.bodyLimitBytes \(BODY_LIMIT_BYTES\); retry\.$/;
const SERVICE = 'inference.GRPCInferenceService';
const INFER = {
  model_name: 'random_forest',
  inputs: Object.entries(EXAMPLE).map(([name, value]) => ({
    name,
    shape: [1],
    ...(name === 'feature_5'
      ? { datatype: 'INT64', contents: { int64_contents: [value] } }
      : { datatype: 'FP64', contents: { fp64_contents: [value] } }),
  })),
};

/** Begins a call whose message does not come. */
function beginInfer(port: number): { readonly refused: Promise<string>; cancel(): void } {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const [asBytes, path] = [(bytes: Buffer) => bytes, `/${SERVICE}/ModelInfer`];
  let call: ClientWritableStream<Buffer>;
  const refused = new Promise<string>((resolve) => {
    call = client.makeClientStreamRequest(path, asBytes, asBytes, (error) => {
      resolve(status[error!.code]);
      client.close();
    });
  });
  return { refused, cancel: () => call.cancel() };
}

/** Begins a call and sends all but the end of its message. @returns its socket, which ends when the server ends the call */
function beginMessage(port: number, encoding: string, bytes: number, headers: Record<string, string> = {}): Socket {
  const socket = connectSocket(port, '127.0.0.1');
  const session = connect('http://here', { createConnection: () => socket }).on('error', () => undefined);
  const stream = session
    .request({
      ':method': 'POST',
      ':path': `/${SERVICE}/ModelInfer`,
      'content-type': 'application/grpc',
      'grpc-encoding': encoding,
      te: 'trailers',
      ...headers,
    })
    .on('error', () => undefined)
    .once('close', () => socket.destroy());
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes, 1);
  stream.write(Buffer.concat([head, Buffer.alloc(bytes - 1)]));
  return socket;
}

describe('Calls over gRPC', () => {
  let api: RunningApi;
  let client: GrpcClient;
  beforeAll(async () => {
    api = await boot({ GRPC_ENABLED: 'true', GRPC_PORT: '0', MAX_REQUESTS: '1', BODY_LIMIT_BYTES: '2000' });
    client = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    client.close();
    await api.close();
  });

  /** How many calls ended so. */
  const ended = async (method: string, code: string): Promise<number> => {
    const { text } = await api.ask('/metrics');
    return sampleOf(text, 'skewless_grpc_call_duration_seconds_count', { method: `${SERVICE}/${method}`, code }) ?? 0;
  };

  it('have as many slots of their own as server.maxRequests, and are refused before their message is read', async () => {
    const held = beginInfer(api.grpcPort!);
    const refused = {
      status: 'RESOURCE_EXHAUSTED',
      details: '1 requests are in progress, the limit of server.maxRequests (MAX_REQUESTS); retry.',
    };
    await until(async () => (await client.call('ModelInfer', INFER)).status === 'RESOURCE_EXHAUSTED');
    expect(await client.call('ModelInfer', INFER)).toMatchObject(refused);
    expect(await beginInfer(api.grpcPort!).refused).toBe('RESOURCE_EXHAUSTED');
    expect((await api.post('/predict', EXAMPLE)).status).toBe(200);
    expect((await client.call('ServerReady')).status).toBe('OK');
    held.cancel();
    await until(async () => (await client.call('ModelInfer', INFER)).status === 'OK');
  });

  it('count by the bytes of a message that have come, packed or not', async () => {
    const roomy = await boot({ GRPC_ENABLED: 'true', GRPC_PORT: '0', BODY_LIMIT_BYTES: '2000' });
    const other = grpcClient(roomy.grpcPort!);
    for (const encoding of ['identity', 'gzip']) {
      const held: Socket[] = [];
      // Seven large ones and a smaller one leave less room than a whole message needs.
      const sizes = [...Array<number>(7).fill(2_000), 1_900];
      const refused = await until(async () => {
        // A message that does not come is cut after ten seconds, and begun again here.
        for (const [i, size] of sizes.entries())
          if (held[i]?.destroyed ?? true) held[i] = beginMessage(roomy.grpcPort!, encoding, size);
        const answer = await other.call('ModelInfer', INFER);
        return answer.status === 'RESOURCE_EXHAUSTED' && answer;
      });
      expect(refused.details).toMatch(FULL);
      expect((await roomy.post('/predict', EXAMPLE)).status).toBe(200);
      for (const socket of held) socket.destroy();
      await until(async () => (await other.call('ModelInfer', INFER)).status === 'OK');
    }
    other.close();
    await roomy.close();
  });

  it('carry the id that the caller offers, or a new one, and continue its trace', async () => {
    const offered = { 'x-request-id': 'order-7', traceparent: TRACEPARENT };
    for (const answer of [
      await client.call('ModelInfer', INFER, offered),
      await client.call('ModelInfer', { model_name: 'none' }, offered),
      await client.call('ServerLive', {}, offered),
    ]) {
      const { traceparent } = answer.trailers;
      expect(answer.trailers['x-request-id']).toBe('order-7');
      expect(traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
      expect(traceparent).not.toBe(TRACEPARENT);
    }
    const { trailers } = await client.call('ServerLive', {}, { 'x-request-id': 'a "b"', traceparent: 'nonsense' });
    expect(trailers['x-request-id']).toMatch(UUID);
    expect(trailers).not.toHaveProperty('traceparent');
  });

  it('are counted and timed by method and status, also those that grpc-js ends itself', async () => {
    // A call is counted when it is over, which the caller may see first.
    await until(async () => sampleOf((await api.ask('/metrics')).text, 'skewless_grpc_calls_in_flight') === 0);
    const before = await ended('ModelInfer', 'OK');
    const notFound = await ended('ModelInfer', 'NOT_FOUND');
    await client.call('ModelInfer', INFER);
    await client.call('ModelInfer', { model_name: 'none' });
    await client.call('ModelInfer', { raw_input_contents: [Buffer.alloc(4_000)] });
    await until(async () => (await ended('ModelInfer', 'OK')) === before + 1);
    await until(async () => (await ended('ModelInfer', 'NOT_FOUND')) === notFound + 1);
    await until(async () => (await ended('ModelInfer', 'RESOURCE_EXHAUSTED')) >= 4);
    expect((await client.call('ModelInfer', INFER)).status).toBe('OK');
  });
});

/** In the place of a part: the call ends here. */
const END = Buffer.alloc(0);

/** A message in its frame. */
function framed(message: Buffer, isPacked = false): Buffer {
  const head = Buffer.alloc(5);
  head[0] = Number(isPacked);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Sends bytes as they are, each part when the one before is out, and does not end the call. @returns its status, in words */
async function exchange(
  port: number,
  path: string,
  parts: readonly Buffer[],
  headers: Record<string, string> = {},
): Promise<[status: string, details: string]> {
  const session = connect(`http://127.0.0.1:${port}`).on('error', () => undefined);
  const stream = session
    .request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers })
    .on('error', () => undefined);
  const answered = new Promise<[string, string]>((resolve) => {
    const read = (headers: IncomingHttpHeaders): void => {
      const code = headers['grpc-status'];
      if (code !== undefined) resolve([status[Number(code)], decodeURI(String(headers['grpc-message']))]);
    };
    stream.on('response', read).on('trailers', read).resume();
  });
  for (const part of parts) await new Promise((sent) => (part === END ? stream.end(sent) : stream.write(part, sent)));
  return answered.finally(() => session.destroy());
}

describe('What a call over gRPC may take', () => {
  const shop = generateKey('shop', ['predict']);
  const key = { 'x-api-key': shop.key };
  let api: RunningApi;
  beforeAll(async () => {
    api = await boot({ GRPC_ENABLED: 'true', GRPC_PORT: '0', MAX_REQUESTS: '1', API_KEYS: shop.line });
  });
  afterAll(() => api.close());
  const ask = (method: string, parts: readonly Buffer[], headers: Record<string, string> = {}) =>
    exchange(api.grpcPort!, method.includes('/') ? method : `/${SERVICE}/${method}`, parts, headers);

  it('no message is read, and no slot taken, before the key is accepted', async () => {
    const bomb = framed(gzipSync(Buffer.alloc(33_000_000, Buffer.of(0x2a, 0x00))), true);
    const none = ['UNAUTHENTICATED', 'Send "Authorization: Bearer <key or token>", or "X-API-Key: <key>".'];
    expect(await ask('ModelInfer', [bomb], { 'grpc-encoding': 'gzip' })).toEqual(none);
    expect(await ask('ModelInfer', [])).toEqual(none);
    expect(await ask('ModelInfer', [framed(Buffer.alloc(0))], { 'x-api-key': 'skl_unknown' })).toEqual([
      'UNAUTHENTICATED',
      'The API key is invalid or has been revoked.',
    ]);
    expect(await ask('RepositoryIndex', [framed(Buffer.alloc(10))], key)).toEqual([
      'PERMISSION_DENIED',
      'This requires the scope read; the key or token has: predict.',
    ]);
    const client = grpcClient(api.grpcPort!);
    expect((await client.call('ModelInfer', INFER, key)).status).toBe('OK');
    client.close();
  });

  it('packed messages are unpacked no further than they may be', async () => {
    const bomb = framed(gzipSync(Buffer.alloc(33_600_000)), true);
    const gzip = { 'grpc-encoding': 'gzip', ...key };
    expect(await ask('ModelInfer', [bomb], gzip)).toEqual([
      'RESOURCE_EXHAUSTED',
      'The messages of this call exceed 33554432 bytes, compressed or decompressed, the limit of server.bodyLimitBytes (BODY_LIMIT_BYTES).',
    ]);
    expect(await ask('ServerLive', [framed(gzipSync(Buffer.alloc(70_000)), true)], gzip)).toEqual([
      'RESOURCE_EXHAUSTED',
      'The messages of this call exceed 65536 bytes, compressed or decompressed.',
    ]);
    expect(await ask('ModelInfer', [framed(Buffer.from('no gzip'), true)], gzip)).toEqual([
      'INVALID_ARGUMENT',
      'The body cannot be decompressed: it does not match its Content-Encoding, or it is incomplete.',
    ]);
    expect(await ask('ModelInfer', [framed(Buffer.alloc(1), true)], { ...gzip, 'grpc-encoding': 'br' })).toEqual([
      'UNIMPLEMENTED',
      'grpc-encoding "br" is not supported here; use one of: gzip, deflate.',
    ]);
  });

  it.each(['ServerLive', 'RepositoryIndex', '/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'])(
    '%s takes a short message, and one',
    async (method) => {
      const open = await boot({ GRPC_ENABLED: 'true', GRPC_PORT: '0' });
      const path = method.includes('/') ? method : `/${SERVICE}/${method}`;
      const long = Array.from({ length: 9 }, (_, i) =>
        i ? Buffer.alloc(8_000) : framed(Buffer.alloc(100_000)).subarray(0, 8_005),
      );
      expect(await exchange(open.grpcPort!, path, long)).toEqual([
        'RESOURCE_EXHAUSTED',
        'The messages of this call exceed 65536 bytes, compressed or decompressed.',
      ]);
      const [code] = await exchange(open.grpcPort!, path, [framed(Buffer.alloc(0)), framed(Buffer.alloc(0))]);
      expect(code).toBe('RESOURCE_EXHAUSTED');
      await open.close();
    },
  );

  it('reflection answers so many questions in one call', async () => {
    const listing = framed(Buffer.from('3a00', 'hex'));
    expect(await ask('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', Array(101).fill(listing))).toEqual([
      'RESOURCE_EXHAUSTED',
      'A call of this kind may send at most 100 messages.',
    ]);
  });

  it('a message does not come in crumbs, each of which is held with some hundred bytes of its own', async () => {
    const crumbs = [framed(Buffer.alloc(20_000)).subarray(0, 5), ...Array<Buffer>(1_100).fill(Buffer.alloc(1))];
    expect(await ask('ModelInfer', crumbs, key)).toEqual([
      'RESOURCE_EXHAUSTED',
      'Frames of a message must hold 1024 bytes on average; send larger ones.',
    ]);
  });

  it('what is no message is told so', async () => {
    expect(await ask('ModelInfer', [framed(Buffer.from('ff', 'hex')), END], key)).toEqual([
      'INVALID_ARGUMENT',
      expect.stringMatching(/^The message is not a ModelInferRequest \(/),
    ]);
  });
});

describe('The log of calls over gRPC', () => {
  afterEach(() => ServerProcess.killAll());

  it('has a line for each, with its status, and none of probes', async () => {
    const port = await freePort();
    const { key, line: hashed } = generateKey('shop', ['predict', 'read']);
    const server = await ServerProcess.ready([], { GRPC_PORT: String(port), API_KEYS: hashed });
    await server.until(() => server.lines.find(({ msg }) => msg.startsWith('gRPC listens')));
    const client = grpcClient(port);
    const health = grpcClient(port, 'grpc.health.v1.Health');
    await health.call('Check', { service: '' });
    const infer = (request: object, metadata: Record<string, string> = {}): Promise<unknown> =>
      client.call('ModelInfer', request, { 'x-api-key': key, ...metadata });
    await infer({ ...INFER, id: 'secret' });
    await infer({ model_name: 'secret' });
    await infer(INFER, { 'x-request-id': 'order-7', traceparent: TRACEPARENT });
    const inFlight = async (): Promise<number | undefined> => {
      const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`, { headers: { 'x-api-key': key } });
      return sampleOf(await answer.text(), 'skewless_grpc_calls_in_flight');
    };
    const left = beginMessage(port, 'identity', 100, { 'x-api-key': key });
    await until(async () => (await inFlight()) === 1);
    left.destroy();
    const calls = await server.until(() => {
      const lines = server.lines.filter(({ msg }) => msg === 'call');
      return lines.length >= 4 && lines;
    });
    const line = (grpc_code: string, more: object = {}): object => ({
      level: 'info',
      time: expect.any(Number) as number,
      pid: server.pid,
      request_id: expect.stringMatching(UUID) as string,
      grpc_method: `${SERVICE}/ModelInfer`,
      grpc_code,
      ms: expect.any(Number) as number,
      msg: 'call',
      ...more,
    });
    expect(calls).toEqual([
      line('OK', { caller: 'shop' }),
      line('NOT_FOUND', { caller: 'shop' }),
      line('OK', { caller: 'shop', request_id: 'order-7', trace_id: TRACE_ID }),
      line('CANCELLED', { caller: 'shop' }),
    ]);
    await until(async () => (await inFlight()) === 0);
    expect(server.stdout).not.toContain(key);
    expect(server.stdout).not.toContain('secret');
    for (const one of [client, health]) one.close();
  });
});
