import { boot, type RunningApi } from '../helper/boot.js';
import { type GrpcClient, grpcClient } from '../helper/grpc-client.js';
import { COLUMNS, datatypeOf, head, INPUTS, MODEL, NAMES, RAW, raw } from '../helper/inference-grpc.js';
import { recordedRows } from '#testing';

const OK = { status: 'OK', details: '', trailers: expect.any(Object) as object };

describe('The Open Inference Protocol over gRPC', () => {
  let api: RunningApi;
  let client: GrpcClient;
  beforeAll(async () => {
    api = await boot({ GRPC_ENABLED: 'true', GRPC_PORT: '0', BODY_LIMIT_BYTES: '50000' });
    client = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    client.close();
    await api.close();
  });

  const infer = (request: object) => client.call('ModelInfer', { ...MODEL, ...request });

  it('ServerLive, ServerReady, ServerMetadata', async () => {
    expect(await client.call('ServerLive')).toEqual({ ...OK, message: { live: true } });
    expect(await client.call('ServerReady')).toEqual({ ...OK, message: { ready: true } });
    expect(await client.call('ServerMetadata')).toEqual({
      ...OK,
      message: {
        name: 'skewless',
        version: '0.1.0',
        extensions: ['binary_tensor_data', 'model_repository', 'statistics'],
      },
    });
  });

  it.each(['', '1'])('ModelReady, ModelMetadata of version %j', async (version) => {
    const model = { name: 'random_forest', version };
    expect(await client.call('ModelReady', model)).toEqual({ ...OK, message: { ready: true } });
    expect(await client.call('ModelMetadata', model)).toEqual({
      ...OK,
      message: {
        name: 'random_forest',
        versions: ['1'],
        platform: 'onnx_onnxv1',
        inputs: NAMES.map((name) => ({ name, datatype: datatypeOf(name), shape: ['-1'] })),
        outputs: [
          { name: 'prediction', datatype: 'INT64', shape: ['-1'] },
          { name: 'probability', datatype: 'FP32', shape: ['-1'] },
          { name: 'probabilities', datatype: 'FP64', shape: ['-1', '2'] },
          { name: 'prediction_id', datatype: 'BYTES', shape: ['-1'] },
        ],
      },
    });
  });

  it('RepositoryIndex', async () => {
    const models = [{ name: 'random_forest', version: '1', state: 'READY', reason: '' }];
    expect((await client.call('RepositoryIndex')).message.models).toMatchObject(models.map(({ name }) => ({ name })));
    expect((await client.call('RepositoryIndex', { ready: true })).message).toEqual({ models });
  });

  it('ModelInfer answers typed contents with typed contents', async () => {
    expect(await infer({ id: '42', inputs: INPUTS })).toEqual({
      ...OK,
      message: {
        model_name: 'random_forest',
        model_version: '1',
        id: '42',
        outputs: [
          { name: 'prediction', datatype: 'INT64', shape: ['2'], contents: { int64_contents: ['1', '0'] } },
          { name: 'probability', datatype: 'FP32', shape: ['2'], contents: { fp32_contents: [1, Math.fround(0.05)] } },
        ],
      },
    });
  });

  it('ModelInfer answers raw contents with raw contents, byte for byte', async () => {
    const { message } = await infer({ id: '43', model_version: '1', ...RAW });
    expect(message).toEqual({
      model_name: 'random_forest',
      model_version: '1',
      id: '43',
      outputs: [
        { name: 'prediction', datatype: 'INT64', shape: ['2'] },
        { name: 'probability', datatype: 'FP32', shape: ['2'] },
      ],
      raw_output_contents: [raw('feature_5', [1, 0]), Buffer.from('0000803fcdcc4c3d', 'hex')],
    });
  });

  it("ModelInfer answers the outputs that are asked for, in their order, whatever parameters are the client's own", async () => {
    const parameters = {
      priority: { uint64_param: '1' },
      mine: { string_param: 'x' },
      weight: { double_param: 0.5 },
      binary_data_output: { bool_param: true },
    };
    const outputs = [{ name: 'probability', parameters }, { name: 'prediction' }];
    const { message } = await infer({ inputs: INPUTS, outputs, parameters });
    expect(message.outputs.map(({ name }: { name: string }) => name)).toEqual(['probability', 'prediction']);
    expect((await infer({ inputs: INPUTS, outputs: [{ name: 'probability' }] })).message.outputs).toHaveLength(1);
  });

  it('ModelInfer answers what the original answered', async () => {
    const rows = recordedRows()
      .filter(({ error }) => error === undefined)
      .slice(0, 500);
    const inputs = NAMES.map((name) => head(name, rows.length));
    const raw_input_contents = NAMES.map((name) =>
      raw(
        name,
        rows.map(({ input }) => input[name]),
      ),
    );
    const { message } = await infer({ inputs, raw_input_contents });
    const labels = rows.map((_row, i) => Number(message.raw_output_contents[0].readBigInt64LE(8 * i)));
    expect(labels).toEqual(rows.map(({ prediction }) => prediction));
  });

  it('ModelInfer takes FP32 and whole numbers for FP64, and FP64 for whole numbers', async () => {
    const asFloats = INPUTS.map((input, c) => ({
      ...input,
      ...(c === 4 ? { datatype: 'FP64', contents: { fp64_contents: COLUMNS[c] } } : {}),
      ...(c === 3 ? { datatype: 'INT32', contents: { int_contents: [75, 45] } } : {}),
      ...(c === 0 ? { datatype: 'FP32', contents: { fp32_contents: COLUMNS[c] } } : {}),
    }));
    const { message } = await infer({ inputs: asFloats });
    expect(message.outputs[0].contents.int64_contents).toEqual(['1', '0']);
  });

  const alter = (change: object) => ({ inputs: INPUTS.map((input, i) => (i === 3 ? { ...input, ...change } : input)) });
  it.each<[string, object, string]>([
    [
      'another datatype',
      alter({ datatype: 'BOOL', contents: { bool_contents: [true, false] } }),
      'The datatype of input "feature_4" must be FP64; received BOOL',
    ],
    [
      'an unknown datatype',
      alter({ datatype: 'float' }),
      'The datatype of input "feature_4" must be one of BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP32, FP64, BYTES; received "float"',
    ],
    [
      'elements in another field',
      alter({ contents: { fp32_contents: [1, 2] } }),
      'The contents of input "feature_4" must be in fp64_contents for FP64; received fp32_contents',
    ],
    [
      'too few elements',
      alter({ contents: { fp64_contents: [1] } }),
      'fp64_contents of input "feature_4" must have 2 elements for its shape [2]; received 1',
    ],
    [
      'no contents',
      alter({ contents: undefined }),
      'fp64_contents of input "feature_4" must have 2 elements for its shape [2]; received 0',
    ],
    [
      'another shape',
      alter({ shape: [1, 2] }),
      'The shape of input "feature_4" must be [-1] (-1: any size); received [1, 2]',
    ],
    [
      'a shape of any size',
      alter({ shape: [-1] }),
      'shape[0] of input "feature_4" must be a whole number of at least 0; received -1',
    ],
    [
      'what is out of range',
      alter({ contents: { fp64_contents: [1, 101] } }),
      'data[1] of input "feature_4" must be a finite number from 0 to 100; received 101',
    ],
    [
      'NaN where no value may be missing',
      alter({ contents: { fp64_contents: [1, NaN] } }),
      'data[1] of input "feature_4" must be a finite number from 0 to 100; received null',
    ],
    [
      'a missing input',
      { inputs: INPUTS.slice(1) },
      'Model "random_forest" needs the inputs feature_1, feature_2, feature_3, feature_4, feature_5; missing: feature_1',
    ],
    [
      'no input',
      {},
      'Model "random_forest" needs the inputs feature_1, feature_2, feature_3, feature_4, feature_5; missing: feature_1, feature_2, feature_3, feature_4, feature_5',
    ],
    [
      'an unknown input',
      { inputs: [{ ...INPUTS[0], name: 'x' }] },
      'Model "random_forest" has no input "x"; its inputs are feature_1, feature_2, feature_3, feature_4, feature_5',
    ],
    [
      'an unknown output',
      { inputs: INPUTS, outputs: [{ name: 'x' }] },
      'Model "random_forest" has no output "x"; its outputs are prediction, probability, probabilities, prediction_id',
    ],
    [
      'too few raw contents',
      { ...RAW, raw_input_contents: RAW.raw_input_contents.slice(1) },
      'raw_input_contents must have one entry per input, 5; received 4',
    ],
    [
      'raw contents of another size',
      { ...RAW, raw_input_contents: RAW.raw_input_contents.map((bytes) => bytes.subarray(8)) },
      'The binary data of input "feature_1" must be 16 bytes for FP64 [2]; received 8',
    ],
    [
      'raw and typed contents',
      { inputs: INPUTS, raw_input_contents: RAW.raw_input_contents },
      'The input "feature_1" must have either contents or raw_input_contents; received both',
    ],
    [
      'shared memory',
      alter({ parameters: { shared_memory_region: { string_param: 'r' } } }),
      'The parameter "shared_memory_region" of input "feature_4" asks for shared memory, which is not supported',
    ],
  ])('ModelInfer refuses %s as INVALID_ARGUMENT', async (_what, request, details) => {
    expect(await infer(request)).toMatchObject({ status: 'INVALID_ARGUMENT', details, message: undefined });
  });

  it('answers NOT_FOUND for an unknown model or version', async () => {
    const unknown = {
      status: 'NOT_FOUND',
      details: expect.stringContaining('Request for unknown model: There is no model "none"') as string,
    };
    const version = {
      status: 'NOT_FOUND',
      details: expect.stringContaining('Request for unknown model: Model "random_forest" has no version') as string,
    };
    expect(await client.call('ModelReady', { name: 'none' })).toMatchObject(unknown);
    for (const method of ['ModelMetadata', 'ModelStatistics']) {
      expect(await client.call(method, { name: 'none' })).toMatchObject(unknown);
      expect(await client.call(method, { name: 'random_forest', version: '7' })).toMatchObject(version);
    }
    expect(await infer({ model_name: 'none' })).toMatchObject(unknown);
    expect(await infer({ model_version: '7' })).toMatchObject(version);
  });

  it('answers RESOURCE_EXHAUSTED for a message over the limit of bodies', async () => {
    const rows = 10_000;
    const inputs = NAMES.map((name) => head(name, rows));
    const raw_input_contents = NAMES.map(() => Buffer.alloc(8 * rows));
    expect(await infer({ inputs, raw_input_contents })).toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
      details: expect.stringContaining('(400') as string,
    });
  });

  it('ModelStatistics counts what both faces were asked', async () => {
    const count = async () => {
      const { message } = await client.call('ModelStatistics', { name: 'random_forest' });
      const [{ name, version, inference_count: rows, inference_stats: stats }] = message.model_stats;
      expect([name, version]).toEqual(['random_forest', '1']);
      return [Number(rows), Number(stats.success.count), Number(stats.fail.count)];
    };
    const [rows, success, fail] = await count();
    await infer({ inputs: INPUTS });
    await infer({ inputs: [] });
    const rest = NAMES.map((name, c) => ({ ...head(name), data: COLUMNS[c] }));
    await api.post('/v2/models/random_forest/infer', { inputs: rest });
    expect(await count()).toEqual([rows + 4, success + 2, fail + 1]);
  });

  it('has no RepositoryModelLoad and RepositoryModelUnload without an administrator', async () => {
    for (const method of ['RepositoryModelLoad', 'RepositoryModelUnload']) {
      expect((await client.call(method, MODEL)).status).toBe('UNIMPLEMENTED');
    }
  });

  it('has the standard health service', async () => {
    const health = grpcClient(api.grpcPort!, 'grpc.health.v1.Health');
    for (const service of ['', 'inference.GRPCInferenceService']) {
      expect(await health.call('Check', { service })).toEqual({ ...OK, message: { status: 'SERVING' } });
    }
    expect((await health.call('Check', { service: 'other' })).status).toBe('NOT_FOUND');
    health.close();
  });

  it('has reflection: the proto can be asked for', async () => {
    const proto = 'node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto';
    const reflection = grpcClient(api.grpcPort!, 'grpc.reflection.v1.ServerReflection', [proto]);
    const call = reflection.stream('ServerReflectionInfo', {}) as AsyncIterable<any> & {
      write(request: object): void;
      end(): void;
    };
    call.write({ list_services: '' });
    call.end();
    for await (const { list_services_response: listed } of call) {
      const names = listed.service.map(({ name }: { name: string }) => name);
      expect(names.sort()).toEqual(['grpc.health.v1.Health', 'inference.GRPCInferenceService']);
    }
    reflection.close();
  });
});
