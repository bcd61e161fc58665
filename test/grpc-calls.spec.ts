import { type ClientHttp2Session, connect } from 'node:http2';
import { Client, type ClientWritableStream, credentials, status } from '@grpc/grpc-js';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE } from './helper/golden.js';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';
import { sampleOf } from './helper/metrics-text.js';
import { ServerProcess, freePort, until } from './helper/server-process.js';

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
function beginMessage(port: number, encoding: string, bytes: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`).on('error', () => undefined);
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
  return session;
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
      const held: ClientHttp2Session[] = [];
      const refused = await until(async () => {
        const answer = await roomy.post('/predict', EXAMPLE);
        if (answer.status === 503) return answer;
        held.push(beginMessage(roomy.grpcPort!, encoding, 2_000));
        return undefined;
      });
      expect(refused.body.detail).toMatch(/^Bodies of \d+ bytes are under way; retry\.$/);
      for (const session of held) session.destroy();
      await until(async () => (await roomy.post('/predict', EXAMPLE)).status === 200);
    }
    await roomy.close();
  });

  it('are counted and timed by method and status, also those that grpc-js ends itself', async () => {
    const before = await ended('ModelInfer', 'OK');
    await client.call('ModelInfer', INFER);
    await client.call('ModelInfer', { model_name: 'none' });
    await client.call('ModelInfer', { raw_input_contents: [Buffer.alloc(4_000)] });
    await until(async () => (await ended('ModelInfer', 'OK')) === before + 1);
    expect(await ended('ModelInfer', 'NOT_FOUND')).toBe(1);
    expect(await ended('ModelInfer', 'RESOURCE_EXHAUSTED')).toBeGreaterThanOrEqual(4);
    expect((await client.call('ModelInfer', INFER)).status).toBe('OK');
  });
});

describe('The log of calls over gRPC', () => {
  afterEach(() => ServerProcess.killAll());

  it('has a line for each, with its status, and none of probes', async () => {
    const port = await freePort();
    const server = await ServerProcess.ready([], { GRPC_PORT: String(port) });
    await server.until(() => server.lines.find(({ msg }) => msg.startsWith('gRPC listens')));
    const client = grpcClient(port);
    const health = grpcClient(port, 'grpc.health.v1.Health');
    await health.call('Check', { service: '' });
    await client.call('ModelInfer', { ...INFER, id: 'secret' });
    await client.call('ModelInfer', { model_name: 'secret' });
    const calls = await server.until(() => {
      const lines = server.lines.filter(({ msg }) => msg === 'call');
      return lines.length >= 2 && lines;
    });
    const method = `${SERVICE}/ModelInfer`;
    const ms = expect.any(Number) as number;
    expect(calls).toEqual([
      expect.objectContaining({ level: 'info', grpc_method: method, grpc_code: 'OK', ms }),
      expect.objectContaining({ level: 'info', grpc_method: method, grpc_code: 'NOT_FOUND', ms }),
    ]);
    expect(server.stdout).not.toContain('secret');
    for (const one of [client, health]) one.close();
  });
});
