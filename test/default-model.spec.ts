import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ModelRegistry } from '#registry';
import { writeAliases } from '#bundle';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from './helper/boot.js';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';
import { temporaryFolder, TINY_ROWS, writeTinyBundle } from '#testing';

const folder = temporaryFolder();
const [ROW] = TINY_ROWS;

const problem = (type: string, status: number, detail: string) => [
  status,
  expect.objectContaining({ type: `urn:skewless:problem:${type}`, detail }),
];

describe('Folders that are no models', () => {
  const models = join(folder, 'volume');
  let api: RunningApi;
  beforeAll(async () => {
    await writeTinyBundle(models);
    for (const name of ['lost+found', '__MACOSX', '@eaDir']) mkdirSync(join(models, name));
    // As unreadable as a folder can be made for whoever runs this, root included.
    symlinkSync('loop', join(models, 'loop'));
    api = await boot({ MODELS_DIR: models });
  });
  afterAll(() => api.close());

  it('are ignored: the one model is the default, and nothing is degraded', async () => {
    const { status, body } = await api.ask('/health/ready');
    expect([status, body.status, body.info.model.name]).toEqual([200, 'ok', 'tiny']);
    expect((await api.post('/predict', ROW)).status).toBe(200);
    expect((await api.ask('/models')).body.models.map(({ name }: { name: string }) => name)).toEqual(['tiny']);
    expect((await api.post('/models/lost+found/predict', ROW)).status).toBe(404);
  });

  it('and so are those that come later', async () => {
    mkdirSync(join(models, 'System Volume Information'));
    await api.app.get(ModelRegistry).load();
    expect((await api.ask('/health/ready')).body.status).toBe('ok');
  });
});

describe('Several models of which none is the default one', () => {
  const models = join(folder, 'several');
  let api: RunningApi;
  let grpc: GrpcClient;
  const { key, line } = generateKey('ops', ['read', 'predict']);
  beforeAll(async () => {
    for (const name of ['letters', 'parcels']) await writeTinyBundle(models, { name });
    for (const version of ['2', '3']) await writeTinyBundle(models, { name: 'parcels', version });
    await writeAliases(models, 'parcels', { champion: '1', challenger: '2' });
    api = await boot({ MODELS_DIR: models, API_KEYS: line, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    grpc = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    grpc.close();
    await api.close();
  });

  const authorized = { 'x-api-key': key };
  const post = async (path: string, body: unknown) => {
    const answer = await api.post(path, body, authorized);
    return [answer.status, answer.body];
  };
  const NONE =
    'There are 2 models and none of them is the default: letters, parcels. Use POST /models/{model}/predict, or set models.default (DEFAULT_MODEL).';

  it('is ready, without telling their names to those without a key', async () => {
    const { status, body, text } = await api.ask('/health/ready');
    expect([status, body.info.model]).toEqual([200, { status: 'up', models: 2, default: null }]);
    expect(text).not.toContain('parcels');
    expect((await api.ask('/v2/health/ready')).status).toBe(200);
    expect((await api.ask('/health')).body).toMatchObject({ status: 'healthy', model_loaded: true });
    const ping = await api.ask('/ping');
    expect([ping.status, ping.text.includes('parcels')]).toEqual([409, false]);
  });

  it('answers 409 where none is named, and lists them', async () => {
    for (const [path, body] of [
      ['/predict', ROW],
      ['/predict/batch', { instances: [ROW] }],
    ] as const) {
      expect(await post(path, body)).toEqual(problem('no-default-model', 409, NONE));
    }
    const info = await api.ask('/model/info', { headers: authorized });
    expect([info.status, info.body]).toEqual(problem('no-default-model', 409, NONE));
    expect(await post('/invocations', { dataframe_records: [ROW] })).toEqual([
      409,
      { error_code: 'BAD_REQUEST', message: NONE },
    ]);
  });

  it('answers each by its name', async () => {
    expect(await post('/models/letters/predict', ROW)).toMatchObject([
      200,
      { prediction: expect.any(String) as string },
    ]);
  });

  const NOT_LOADED =
    'Version 3 of parcels is not loaded, as no alias names it: set models.load to all (MODELS_LOAD=all), or make it the champion with npx skewless models promote parcels 3';

  it('says in each door how to load a version that no alias names', async () => {
    const refused = problem('version-not-loaded', 409, `${NOT_LOADED}.`);
    expect(await post('/models/parcels/versions/3/predict', ROW)).toEqual(refused);
    expect(await post('/models/parcels/versions/3/predict/batch', { instances: [ROW] })).toEqual(refused);
    const info = await api.ask('/models/parcels/versions/3', { headers: authorized });
    expect([info.status, info.body]).toEqual(refused);
    expect(await post('/v2/models/parcels/versions/3/infer', { inputs: [] })).toEqual([
      409,
      { error: `${NOT_LOADED}.` },
    ]);
    const request = { model_name: 'parcels', model_version: '3' };
    expect(await grpc.call('ModelInfer', request, authorized)).toMatchObject({
      status: 'FAILED_PRECONDITION',
      details: NOT_LOADED,
    });
    const ready = await api.ask('/v2/models/parcels/versions/3/ready');
    expect([ready.status, ready.body]).toEqual([503, { name: 'parcels', ready: false }]);
  });

  it('tells nobody without a key what else there is', async () => {
    for (const [path, error] of [
      ['/v2/models/x/ready', 'Request for unknown model: There is no model "x".'],
      [
        '/v2/models/parcels/versions/9/ready',
        'Request for unknown model: There is no version or alias "9" of a model "parcels".',
      ],
    ]) {
      const { status, body } = await api.ask(path);
      expect([status, body]).toEqual([404, { error }]);
    }
    expect(await grpc.call('ModelReady', { name: 'x' })).toMatchObject({
      status: 'NOT_FOUND',
      details: 'Request for unknown model: There is no model "x"',
    });
  });
});

it('A model that comes while another one serves leaves it in its place, and health says what the next start needs', async () => {
  const models = join(folder, 'growing');
  await writeTinyBundle(models);
  const api = await boot({ MODELS_DIR: models });
  await writeTinyBundle(models, { name: 'second' });
  await api.app.get(ModelRegistry).load();
  expect((await api.post('/predict', ROW)).status).toBe(200);
  const { status, body } = await api.ask('/health/ready');
  expect([status, body.status, body.details.model.message]).toEqual([
    200,
    'degraded',
    'There are 2 models and none of them is the default: second, tiny',
  ]);
  await api.close();
});
