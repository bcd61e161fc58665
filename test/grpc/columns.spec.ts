import { boot, type RunningApi } from '../helper/boot.js';
import { type GrpcClient, grpcClient } from '../helper/grpc-client.js';
import { temporaryFolder, type TinyBundle, writeTinyBundle, writeWholeNumberBundle } from '#testing';

describe('A model of strings and nulls over gRPC', () => {
  const models = temporaryFolder();
  let tiny: TinyBundle;
  let api: RunningApi;
  let client: GrpcClient;
  beforeAll(async () => {
    tiny = await writeTinyBundle(models);
    api = await boot({ MODELS_DIR: models, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    client = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    client.close();
    await api.close();
  });

  it('answers BYTES, and takes NaN in nullable columns', async () => {
    const inputs = Object.keys(tiny.rows[0].input).map((name) => {
      const values = tiny.rows.map(({ input }) => input[name] ?? NaN);
      const isWhole = name === 'distance_km';
      return {
        name,
        datatype: isWhole ? 'INT64' : 'FP64',
        shape: [values.length, 1],
        contents: isWhole ? { int64_contents: values } : { fp64_contents: values },
      };
    });
    const { message } = await client.call('ModelInfer', {
      model_name: 'tiny',
      inputs,
      outputs: [{ name: 'prediction' }],
    });
    const [{ datatype, shape, contents: answer }] = message.outputs;
    expect([datatype, shape]).toEqual(['BYTES', [String(tiny.rows.length)]]);
    expect(answer.bytes_contents.map(String)).toEqual(tiny.rows.map(({ prediction }) => prediction));
  });
});

describe('A nullable column of whole numbers over gRPC', () => {
  const models = temporaryFolder();
  let tiny: TinyBundle;
  let api: RunningApi;
  let client: GrpcClient;
  beforeAll(async () => {
    tiny = await writeWholeNumberBundle(models);
    api = await boot({ MODELS_DIR: models, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    client = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    client.close();
    await api.close();
  });

  it.each(['contents', 'raw_input_contents'])('has a gap where a float tensor in %s has NaN', async (form) => {
    const names = Object.keys(tiny.rows[0].input);
    const columns = names.map((name) => tiny.rows.map(({ input }) => input[name] ?? NaN));
    expect(columns.flat().some(Number.isNaN)).toBe(true);
    const isRaw = form === 'raw_input_contents';
    const { message } = await client.call('ModelInfer', {
      model_name: 'tiny',
      inputs: names.map((name, c) => ({
        name,
        datatype: 'FP64',
        shape: [tiny.rows.length],
        ...(!isRaw && { contents: { fp64_contents: columns[c] } }),
      })),
      ...(isRaw && { raw_input_contents: columns.map((values) => Buffer.from(Float64Array.from(values).buffer)) }),
      outputs: [{ name: 'probability' }],
    });
    const [{ contents }] = message.outputs;
    const answer = isRaw
      ? [...new Float32Array(new Uint8Array(message.raw_output_contents[0]).buffer)]
      : contents.fp32_contents;
    expect(answer).toEqual(tiny.rows.map(({ probabilities }) => Math.max(...probabilities)));
  });
});

describe('gRPC without a model', () => {
  const empty = temporaryFolder();
  let api: RunningApi;
  let client: GrpcClient;
  let health: GrpcClient;
  beforeAll(async () => {
    api = await boot({ MODELS_DIR: empty, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    client = grpcClient(api.grpcPort!);
    health = grpcClient(api.grpcPort!, 'grpc.health.v1.Health');
  });
  afterAll(async () => {
    for (const open of [client, health]) open.close();
    await api.close();
  });

  it('is live, not ready, and NOT_SERVING', async () => {
    expect((await client.call('ServerLive')).message).toEqual({ live: true });
    expect((await client.call('ServerReady')).message).toEqual({ ready: false });
    expect((await health.call('Check')).message).toEqual({ status: 'NOT_SERVING' });
  });
});
