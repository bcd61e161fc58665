import { ModelRegistry } from '#registry';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from './helper/boot.js';
import { adder, identity, likeness, temporaryFolder, unranked, writeForeignModel, writeTinyBundle } from '#testing';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';

const folder = temporaryFolder();
const key = generateKey('boss', ['admin', 'read', 'predict']);
const KEY = { 'x-api-key': key.key };
const readOnly = generateKey('shop', ['predict', 'read']);

let api: RunningApi;
let client: GrpcClient;
beforeAll(async () => {
  await writeTinyBundle(folder, { name: 'parcels' });
  await writeForeignModel(folder, 'simple', adder());
  await writeForeignModel(folder, 'simple_identity', identity());
  await writeForeignModel(folder, 'likeness', likeness());
  await writeForeignModel(folder, 'unranked', unranked());
  api = await boot({
    MODELS_DIR: folder,
    DEFAULT_MODEL: 'parcels',
    API_KEYS: `${key.line} ${readOnly.line}`,
    GRPC_ENABLED: 'true',
    GRPC_PORT: '0',
  });
  client = grpcClient(api.grpcPort!);
  await api.app.get(ModelRegistry).load();
});
afterAll(async () => {
  client.close();
  await api.close();
});

const range = (of: (i: number) => number): number[] => Array.from({ length: 16 }, (_, i) => of(i));
const [A, B] = [range((i) => i), range(() => 1)];
const [SUM, DIFFERENCE] = [range((i) => i + 1), range((i) => i - 1)];
const TEXTS = Array.from({ length: 16 }, (_, i) => (i === 3 ? '' : `text ${i} é\u{1F600}`));

const int32 = (values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeInt32LE(value, 4 * i));
  return bytes;
};
/** Each text behind its length, little-endian. */
const lengthPrefixed = (texts: string[]): Buffer =>
  Buffer.concat(
    texts.map((text) => {
      const bytes = Buffer.from(`\0\0\0\0${text}`);
      bytes.writeUInt32LE(bytes.length - 4);
      return bytes;
    }),
  );

const ask = (path: string, body: unknown) => api.post(path, body, KEY);
const sum = { name: 'OUTPUT0', datatype: 'INT32', shape: [1, 16], data: SUM };
const difference = { name: 'OUTPUT1', datatype: 'INT32', shape: [1, 16], data: DIFFERENCE };
const integer = (name: string, data: unknown) => ({ name, datatype: 'INT32', shape: [1, 16], data });

/** A request as Triton's HTTP client builds it: all in binary form, no Content-Type. */
async function binary(path: string, json: object, parts: Buffer[], length?: number): Promise<[object, Buffer]> {
  const head = Buffer.from(JSON.stringify(json));
  const headers = { ...KEY, 'Inference-Header-Content-Length': String(length ?? head.length) };
  const body = Buffer.concat(length === 0 ? parts : [head, ...parts]);
  const response = await fetch(api.url + path, { method: 'POST', headers, body });
  const bytes = Buffer.from(await response.arrayBuffer());
  const at = Number(response.headers.get('inference-header-content-length') ?? bytes.length);
  return [JSON.parse(bytes.subarray(0, at).toString()), bytes.subarray(at)];
}

describe('A foreign adder and subtracter of integers', () => {
  const INFER = '/v2/models/simple/infer';

  it('tells its tensors', async () => {
    const tensor = (name: string) => ({ name, datatype: 'INT32', shape: [-1, 16] });
    expect((await api.ask('/v2/models/simple', { headers: KEY })).body).toEqual({
      name: 'simple',
      versions: ['1'],
      platform: 'onnx_onnxv1',
      inputs: [tensor('INPUT0'), tensor('INPUT1')],
      outputs: [tensor('OUTPUT0'), tensor('OUTPUT1')],
    });
  });

  it('answers over REST, flat, nested and in binary form', async () => {
    const answer = { model_name: 'simple', model_version: '1', outputs: [sum, difference] };
    const flat = { inputs: [integer('INPUT0', A), integer('INPUT1', [B])] };
    expect((await ask(INFER, flat)).text).toBe(JSON.stringify(answer));
    expect((await ask('/v2/models/simple/versions/champion/infer', flat)).body).toEqual(answer);
    const { body } = await ask(INFER, { ...flat, outputs: [{ name: 'OUTPUT1' }] });
    expect(body.outputs).toEqual([difference]);
    const inputs = ['INPUT0', 'INPUT1'].map((name) => ({
      ...integer(name, undefined),
      parameters: { binary_data_size: 64 },
    }));
    const [json, bytes] = await binary(INFER, { inputs, parameters: { binary_data_output: true } }, [
      int32(A),
      int32(B),
    ]);
    const head = ({ name, datatype, shape }: typeof sum) => ({
      ...{ name, datatype, shape },
      parameters: { binary_data_size: 64 },
    });
    expect(json).toEqual({ ...answer, outputs: [head(sum), head(difference)] });
    expect(bytes).toEqual(Buffer.concat([int32(SUM), int32(DIFFERENCE)]));
  });

  it('answers over gRPC, typed and raw', async () => {
    const heads = ['INPUT0', 'INPUT1'].map((name) => ({ name, datatype: 'INT32', shape: [1, 16] }));
    const typed = heads.map((head, i) => ({ ...head, contents: { int_contents: [A, B][i] } }));
    const { message } = await client.call('ModelInfer', { model_name: 'simple', inputs: typed }, KEY);
    expect(message.outputs).toEqual(
      [sum, difference].map(({ name, datatype, data }) => ({
        ...{ name, datatype, shape: ['1', '16'] },
        contents: { int_contents: data },
      })),
    );
    const raw = { model_name: 'simple', inputs: heads, raw_input_contents: [int32(A), int32(B)] };
    const answer = await client.call('ModelInfer', raw, KEY);
    expect(answer.message.raw_output_contents).toEqual([int32(SUM), int32(DIFFERENCE)]);
  });

  it.each([
    [
      'a fraction',
      [integer('INPUT0', [0.5, ...A.slice(1)]), integer('INPUT1', B)],
      'data[0] of input "INPUT0" must be a whole number from -2147483648 to 2147483647; received 0.5',
    ],
    [
      'another size of a fixed dimension',
      [integer('INPUT0', A), { ...integer('INPUT1', B.slice(1)), shape: [1, 15] }],
      'The shape of input "INPUT1" must be [-1, 16] (-1: any size); received [1, 15]',
    ],
    [
      'rows that differ',
      [integer('INPUT0', A), { ...integer('INPUT1', [B, B]), shape: [2, 16] }],
      'Input "INPUT1" must have as many rows as "INPUT0", 1; received 2',
    ],
  ])('refuses %s over both', async (_what, inputs, message) => {
    const rest = await ask(INFER, { inputs });
    expect([rest.status, rest.body]).toEqual([400, { error: message }]);
    if (!message.startsWith('data[')) {
      const typed = inputs.map(({ data, ...head }) => ({
        ...head,
        contents: { int_contents: (data as number[][]).flat() },
      }));
      const grpc = await client.call('ModelInfer', { model_name: 'simple', inputs: typed }, KEY);
      expect([grpc.status, grpc.details]).toEqual(['INVALID_ARGUMENT', message]);
    }
  });
});

describe('A foreign identity of texts', () => {
  const INFER = '/v2/models/simple_identity/infer';
  const head = { name: 'INPUT0', datatype: 'BYTES', shape: [1, 16] };

  it('answers over REST, in JSON and in binary form', async () => {
    const { body } = await ask(INFER, { inputs: [{ ...head, data: TEXTS }] });
    expect(body.outputs).toEqual([{ ...head, name: 'OUTPUT0', data: TEXTS }]);
    const bytes = lengthPrefixed(TEXTS);
    const inputs = [{ ...head, parameters: { binary_data_size: bytes.length } }];
    const [json, answer] = await binary(INFER, { inputs, parameters: { binary_data_output: true } }, [bytes]);
    expect(json).toMatchObject({ outputs: [{ name: 'OUTPUT0', parameters: { binary_data_size: bytes.length } }] });
    expect(answer).toEqual(bytes);
  });

  it('answers over gRPC, typed and raw', async () => {
    const typed = { ...head, contents: { bytes_contents: TEXTS.map((text) => Buffer.from(text)) } };
    const { message } = await client.call('ModelInfer', { model_name: 'simple_identity', inputs: [typed] }, KEY);
    expect(message.outputs[0].contents.bytes_contents.map(String)).toEqual(TEXTS);
    const raw = { model_name: 'simple_identity', inputs: [head], raw_input_contents: [lengthPrefixed(TEXTS)] };
    const answer = await client.call('ModelInfer', raw, KEY);
    expect(answer.message.raw_output_contents).toEqual([lengthPrefixed(TEXTS)]);
  });

  it('refuses bytes that are no text, and a raw body whose shape is not known', async () => {
    const typed = {
      ...head,
      contents: { bytes_contents: [Buffer.of(0xff), ...TEXTS.slice(1).map((text) => Buffer.from(text))] },
    };
    expect(await client.call('ModelInfer', { model_name: 'simple_identity', inputs: [typed] }, KEY)).toMatchObject({
      status: 'INVALID_ARGUMENT',
      details: 'Element 0 of input "INPUT0" must be UTF-8 text',
    });
    const [json] = await binary(INFER, {}, [Buffer.from('text')], 0);
    expect(json).toEqual({
      error:
        'The shape of input "INPUT0", [-1, 16], does not follow from 4 bytes of BYTES: send the JSON that states it',
    });
  });
});

describe('An administrator loads and unloads models', () => {
  const LOAD = '/v2/repository/models/simple/load';
  const UNLOAD = '/v2/repository/models/simple/unload';
  const isReady = async () => (await api.ask('/v2/models/simple/ready')).status;

  it('over REST', async () => {
    for (const body of ['', '{}', '{"parameters":{"unload_dependents":false}}']) {
      const unloaded = await ask(UNLOAD, body);
      expect([unloaded.status, unloaded.text]).toEqual([200, '']);
      expect(await isReady()).toBe(503);
      const infer = await ask('/v2/models/simple/infer', { inputs: [] });
      expect([infer.status, Object.keys(infer.body)]).toEqual([503, ['error']]);
      const index = (await ask('/v2/repository/index', {})).body;
      expect(index).toContainEqual({ name: 'simple', version: '1', state: 'UNAVAILABLE', reason: 'not loaded' });
      const ready = (await ask('/v2/repository/index', { ready: true })).body;
      expect(ready.map(({ name }: { name: string }) => name).sort()).toEqual([
        'likeness',
        'parcels',
        'simple_identity',
        'unranked',
      ]);
      const loaded = await ask(LOAD, body);
      expect([loaded.status, loaded.text, await isReady()]).toEqual([200, '', 200]);
    }
  });

  it('over gRPC', async () => {
    const model = { model_name: 'simple' };
    expect((await client.call('RepositoryModelUnload', model, KEY)).status).toBe('OK');
    expect((await client.call('ModelReady', { name: 'simple' })).message).toEqual({ ready: false });
    expect((await client.call('ModelInfer', model, KEY)).status).toBe('UNAVAILABLE');
    expect((await client.call('RepositoryModelLoad', model, KEY)).status).toBe('OK');
    expect((await client.call('ModelReady', { name: 'simple' })).message).toEqual({ ready: true });
  });

  it('and nobody else, nothing unknown, and no files of a caller', async () => {
    for (const path of [LOAD, UNLOAD]) {
      const none = await api.post(path, {});
      expect([none.status, Object.keys(none.body)]).toEqual([401, ['error']]);
      const other = await api.post(path, {}, { 'x-api-key': readOnly.key });
      expect([other.status, Object.keys(other.body)]).toEqual([403, ['error']]);
      const unknown = await ask(path.replace('simple', 'none'), {});
      expect([unknown.status, unknown.body.error]).toEqual([404, expect.stringContaining('There is no model "none"')]);
    }
    const files = await ask(LOAD, { parameters: { config: '{}', 'file:1/model.onnx': 'AA==' } });
    const message = 'The parameter "config" would override the model\'s files, which never change here';
    expect([files.status, files.body, await isReady()]).toEqual([400, { error: message }, 200]);
  });
});

describe('MLflow with a default model that takes tensors', () => {
  const models = temporaryFolder();
  let own: RunningApi;
  beforeAll(async () => {
    await writeForeignModel(models, 'simple', adder());
    own = await boot({ MODELS_DIR: models, DEFAULT_MODEL: 'simple' });
  });
  afterAll(() => own.close());

  it('answers its outputs by name, nested as they are', async () => {
    expect((await own.ask('/ping')).status).toBe(200);
    const predictions = { OUTPUT0: [SUM], OUTPUT1: [DIFFERENCE] };
    const byName = await own.post('/invocations', { inputs: { INPUT0: [A], INPUT1: [B] } });
    expect([byName.status, byName.text]).toEqual([200, JSON.stringify({ predictions })]);
    expect((await own.post('/invocations', { instances: [{ INPUT0: A, INPUT1: B }] })).body).toEqual({ predictions });
  });

  it.each([
    [
      'columns',
      { dataframe_split: { columns: [], data: [] } },
      'dataframe_split is for models of columns; this one takes tensors: send inputs or instances',
    ],
    [
      'inputs without names',
      { inputs: [A] },
      'inputs must name the inputs of this model, INPUT0, INPUT1, each with an array',
    ],
    ['a missing input', { inputs: { INPUT0: [A] } }, 'Model "simple" needs the inputs INPUT0, INPUT1; missing: INPUT1'],
    ['an unknown input', { inputs: { x: [1] } }, 'Model "simple" has no input "x"; its inputs are INPUT0, INPUT1'],
    [
      'another shape',
      { inputs: { INPUT0: A, INPUT1: B } },
      'The shape of input "INPUT0" must be [-1, 16] (-1: any size); received [16]',
    ],
    ['a scalar', { inputs: { INPUT0: 5, INPUT1: 5 } }, 'The data of input "INPUT0" must be an array; received 5'],
  ])('refuses %s', async (_what, body, message) => {
    const { status, body: answer } = await own.post('/invocations', body);
    expect([status, answer]).toEqual([400, { error_code: 'BAD_REQUEST', message }]);
  });

  it('is documented with examples that work', async () => {
    const { paths } = (await own.ask('/openapi.json')).body;
    const { content } = paths['/invocations'].post.requestBody;
    expect(Object.keys(content)).toEqual(['application/json']);
    for (const { value } of Object.values<any>(content['application/json'].examples)) {
      expect((await own.post('/invocations', value)).status).toBe(200);
    }
    const { example } = paths['/v2/models/{model}/infer'].post.requestBody.content['application/json'];
    expect((await own.post('/v2/models/simple/infer', example)).status).toBe(200);
  });
});

describe('Dimensions', () => {
  const tensor = (name: string, shape: number[], data: number[]) => ({ name, datatype: 'FP32', shape, data });

  it('that have names of their own vary by themselves', async () => {
    const inputs = [tensor('query', [2, 3], [1, 0, 0, 0, 1, 0]), tensor('keys', [3, 3], [0, 1, 2, 3, 4, 5, 6, 7, 8])];
    const { status, body } = await ask('/v2/models/likeness/infer', { inputs });
    expect([status, body.outputs]).toEqual([200, [tensor('scores', [2, 3], [0, 3, 6, 1, 4, 7])]]);
  });

  it('of one name are as long', async () => {
    const inputs = [integer('INPUT0', A), { ...integer('INPUT1', [...A, ...B]), shape: [2, 16] }];
    const { status, body } = await ask('/v2/models/simple/infer', { inputs });
    expect([status, body]).toEqual([
      400,
      { error: 'Input "INPUT1" must have as many rows as "INPUT0", 1; received 2' },
    ]);
  });

  it.each([[[3]], [[1, 3]], [[3, 1, 1]]])(
    'may be as many as one likes where the model leaves it open: %j',
    async (shape) => {
      const { status, body } = await ask('/v2/models/unranked/infer', { inputs: [tensor('x', shape, [1, 2, 3])] });
      expect([status, body.outputs]).toEqual([200, [tensor('y', shape, [-1, -2, -3])]]);
    },
  );
});
