import { generateKey } from '../../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from '../helper/boot.js';
import { type GrpcClient, grpcClient } from '../helper/grpc-client.js';
import { INPUTS, MODEL } from '../helper/inference-grpc.js';

describe('gRPC with API keys', () => {
  const predicts = generateKey('shop', ['predict']);
  const reads = generateKey('ops', ['read']);
  const administers = generateKey('boss', ['admin']);
  let api: RunningApi;
  let client: GrpcClient;
  beforeAll(async () => {
    const keys = [predicts, reads, administers].map(({ line }) => line).join(' ');
    api = await boot({ API_KEYS: keys, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    client = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    client.close();
    await api.close();
  });

  const METHODS = {
    ServerMetadata: 'read',
    ModelMetadata: 'read',
    ModelStatistics: 'read',
    RepositoryIndex: 'read',
    ModelInfer: 'predict',
    RepositoryModelLoad: 'admin',
    RepositoryModelUnload: 'admin',
  };

  it.each(Object.entries(METHODS))('%s takes a key with the scope %s', async (method, scope) => {
    expect(await client.call(method)).toMatchObject({
      status: 'UNAUTHENTICATED',
      details: 'Send "Authorization: Bearer <key or token>", or "X-API-Key: <key>".',
    });
    expect(await client.call(method, {}, { authorization: 'Bearer skl_unknown' })).toMatchObject({
      status: 'UNAUTHENTICATED',
      details: 'The API key is invalid or has been revoked.',
    });
    const other = scope === 'read' ? predicts : reads;
    expect((await client.call(method, {}, { 'x-api-key': other.key })).status).toBe('PERMISSION_DENIED');
  });

  it('lets calls with the scope through, and probes without a key', async () => {
    const infer = (metadata: Record<string, string>) =>
      client.call('ModelInfer', { ...MODEL, inputs: INPUTS }, metadata);
    expect((await infer({ authorization: `Bearer ${predicts.key}` })).status).toBe('OK');
    expect((await infer({ 'x-api-key': predicts.key })).status).toBe('OK');
    expect((await client.call('ServerMetadata', {}, { 'x-api-key': reads.key })).status).toBe('OK');
    expect((await client.call('RepositoryModelLoad', MODEL, { 'x-api-key': administers.key })).status).toBe('OK');
    for (const method of ['ServerLive', 'ServerReady']) expect((await client.call(method)).status).toBe('OK');
    expect((await client.call('ModelReady', { name: 'random_forest' })).status).toBe('OK');
    const health = grpcClient(api.grpcPort!, 'grpc.health.v1.Health');
    expect((await health.call('Check')).message).toEqual({ status: 'SERVING' });
    health.close();
  });

  it('loads nothing but what is in the repository', async () => {
    const request = { ...MODEL, parameters: { 'file:1/model.onnx': { bytes_param: Buffer.of(1) } } };
    expect(await client.call('RepositoryModelLoad', request, { 'x-api-key': administers.key })).toMatchObject({
      status: 'INVALID_ARGUMENT',
      details: 'The parameter "file:1/model.onnx" would override the model\'s files, which never change here',
    });
  });
});

describe('gRPC with a rate limit', () => {
  let api: RunningApi;
  let client: GrpcClient;
  beforeAll(async () => {
    api = await boot({ RATE_LIMIT_REQUESTS: '2', GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    client = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    client.close();
    await api.close();
  });

  it('counts what a caller asks over HTTP and gRPC together; probes are free', async () => {
    expect((await api.ask('/v2')).status).toBe(200);
    expect((await client.call('ServerMetadata')).status).toBe('OK');
    expect(await client.call('ServerMetadata')).toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
      details: expect.stringMatching(
        /^The limit is 2 requests in 60 seconds, set by rateLimit\.requests \(RATE_LIMIT_REQUESTS\) and rateLimit\.seconds \(RATE_LIMIT_SECONDS\); retry in (59|60) seconds\.$/,
      ) as string,
    });
    expect((await api.ask('/v2')).status).toBe(429);
    expect((await client.call('ServerReady')).message).toEqual({ ready: true });
  });
});
