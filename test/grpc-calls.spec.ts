import { connect } from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import { Client, type ClientWritableStream, credentials, status } from '@grpc/grpc-js';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE } from './helper/golden.js';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';
import { sampleOf } from './helper/metrics-text.js';
import { ServerProcess, freePort, until } from './helper/server-process.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
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

/** Begins a call and sends all but the end of its message. */
function beginMessage(port: number, encoding: string, bytes: number): Socket {
  const socket = connectSocket(port, '127.0.0.1');
  const session = connect('http://here', { createConnection: () => socket }).on('error', () => undefined);
  const stream = session
    .request({
      ':method': 'POST',
      ':path': `/${SERVICE}/ModelInfer`,
      'content-type': 'application/grpc',
      'grpc-encoding': encoding,
      te: 'trailers',
    })
    .on('error', () => undefined);
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

  it('are within server.maxRequests together with HTTP, and refused before their message is read', async () => {
    const held = beginInfer(api.grpcPort!);
    const refused = { status: 'RESOURCE_EXHAUSTED', details: '1 requests are under way, as many as may be; retry.' };
    await until(async () => (await client.call('ModelInfer', INFER)).status === 'RESOURCE_EXHAUSTED');
    expect(await client.call('ModelInfer', INFER)).toMatchObject(refused);
    expect(await beginInfer(api.grpcPort!).refused).toBe('RESOURCE_EXHAUSTED');
    expect((await api.post('/predict', EXAMPLE)).status).toBe(503);
    expect((await client.call('ServerReady')).status).toBe('OK');
    held.cancel();
    await until(async () => (await client.call('ModelInfer', INFER)).status === 'OK');
    expect((await api.post('/predict', EXAMPLE)).status).toBe(200);
  });

  it('count by the bytes of a message that have come, and what is packed by all it may unpack to', async () => {
    const roomy = await boot({ GRPC_ENABLED: 'true', GRPC_PORT: '0', BODY_LIMIT_BYTES: '2000' });
    for (const encoding of ['identity', 'gzip']) {
      const held: Socket[] = [];
      const refused = await until(async () => {
        const answer = await roomy.post('/predict', EXAMPLE);
        if (answer.status === 503) return answer;
        held.push(beginMessage(roomy.grpcPort!, encoding, 2_000));
        return undefined;
      });
      expect(refused.body.detail).toMatch(/^Bodies of \d+ bytes are under way; retry\.$/);
      for (const socket of held) socket.destroy();
      await until(async () => (await roomy.post('/predict', EXAMPLE)).status === 200);
    }
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
    const before = await ended('ModelInfer', 'OK');
    await client.call('ModelInfer', INFER);
    const notFound = await ended('ModelInfer', 'NOT_FOUND');
    await client.call('ModelInfer', { model_name: 'none' });
    await client.call('ModelInfer', { raw_input_contents: [Buffer.alloc(4_000)] });
    await until(async () => (await ended('ModelInfer', 'OK')) === before + 1);
    expect(await ended('ModelInfer', 'NOT_FOUND')).toBe(notFound + 1);
    expect(await ended('ModelInfer', 'RESOURCE_EXHAUSTED')).toBeGreaterThanOrEqual(4);
    expect((await client.call('ModelInfer', INFER)).status).toBe('OK');
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
    const left = beginMessage(port, 'identity', 100);
    await until(async () => {
      return (await inFlight()) === 1;
    });
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
      line('CANCELLED'),
    ]);
    expect(await inFlight()).toBe(0);
    expect(server.stdout).not.toContain(key);
    expect(server.stdout).not.toContain('secret');
    for (const one of [client, health]) one.close();
  });
});
