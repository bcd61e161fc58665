import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { jest } from '@jest/globals';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { writeAliases, writeBundle } from '#bundle';
import { ModelRegistry } from '#registry';
import { temporaryFolder, tinyBundle, until, writeWholeNumberBundle } from '#testing';
import { boot, type RunningApi } from './helper/boot.js';

/** Version 2 takes whole numbers only as `value_eur`: this row is version 1's. */
const ROW = { weight_kg: 0, distance_km: 9000, value_eur: 99.5 };
const COLUMNS = Object.entries(ROW);
const DATATYPES: Record<string, string> = { weight_kg: 'FP64', distance_km: 'INT64', value_eur: 'FP64' };

const WAYS = [
  ['rows of JSON', '/predict/batch', 'application/json', JSON.stringify({ instances: [ROW] })],
  [
    'columns of JSON',
    '/models/tiny/predict/batch',
    'application/json',
    JSON.stringify({ columns: Object.fromEntries(COLUMNS.map(([name, value]) => [name, [value]])) }),
  ],
  ['NDJSON', '/predict/batch', 'application/x-ndjson', `${JSON.stringify(ROW)}\n${JSON.stringify(ROW)}\n`],
  [
    'CSV',
    '/models/tiny/versions/champion/predict/batch',
    'text/csv',
    `${Object.keys(ROW).join()}\n${Object.values(ROW).join()}\n`,
  ],
  [
    'Arrow',
    '/predict/batch',
    'application/vnd.apache.arrow.stream',
    tableToIPC(
      tableFromArrays(Object.fromEntries(COLUMNS.map(([name, value]) => [name, Float64Array.of(value)]))),
      'stream',
    ),
  ],
  [
    'the Open Inference Protocol',
    '/v2/models/tiny/infer',
    'application/json',
    JSON.stringify({
      inputs: COLUMNS.map(([name, value]) => ({ name, datatype: DATATYPES[name], shape: [1], data: [value] })),
    }),
  ],
  [
    "MLflow's protocol",
    '/invocations',
    'application/json',
    JSON.stringify({ dataframe_records: [ROW], params: { include: 'probabilities' } }),
  ],
] as const;

const models = temporaryFolder();
let api: RunningApi;
let registry: ModelRegistry;

beforeAll(async () => {
  await writeBundle(models, tinyBundle());
  await writeWholeNumberBundle(models);
  await writeAliases(models, 'tiny', { champion: '1' });
  api = await boot({ MODELS_DIR: models });
  registry = api.app.get(ModelRegistry);
});
afterAll(() => api.close());

async function promote(version: string): Promise<void> {
  await writeAliases(models, 'tiny', { champion: version });
  await registry.load();
  expect(registry.model.manifest.version).toBe(version);
}

/** The next lease that a request is given. */
function nextLease(): Promise<unknown> {
  return new Promise((resolve) => {
    for (const way of ['lease', 'leaseServed'] as const) {
      const lease = registry[way].bind(registry) as (...of: string[]) => never;
      jest.spyOn(registry, way).mockImplementation((...of: unknown[]) => {
        resolve(undefined);
        return lease(...(of as string[]));
      });
    }
  });
}

describe('A request whose model changes to another schema while its body comes', () => {
  beforeEach(() => promote('1'));
  afterEach(() => jest.restoreAllMocks());

  it.each(WAYS)('is answered by the version that it leased: %s', async (_, path, type, body) => {
    const bytes = Buffer.from(body);
    const old = registry.model;
    const close = jest.spyOn(old, 'close');
    const leased = nextLease();
    const asked = request(api.url + path, { method: 'POST', headers: { 'content-type': type } });
    const answered = once(asked, 'response');
    asked.write(bytes.subarray(0, bytes.length >> 1));
    await leased;
    await promote('2');
    expect(close).not.toHaveBeenCalled();
    asked.end(bytes.subarray(bytes.length >> 1));
    const [response] = (await answered) as [IncomingMessage];
    const answer = await text(response);
    expect([response.statusCode, answer]).toEqual([200, expect.stringMatching(/tiny:1|"model_version":"1"/)]);
    expect(answer).not.toMatch(/error/);
    await until(() => close.mock.calls.length > 0);
    await close.mock.results[0].value;
    await expect(old.predict([0, 9000, 99.5])).rejects.toThrow('The model failed');
    expect((await api.post('/predict', { ...ROW, value_eur: 99 })).body.model_version).toBe('tiny:2');
  });

  it('frees the version when the caller goes before the end', async () => {
    const close = jest.spyOn(registry.model, 'close');
    const leased = nextLease();
    const asked = request(`${api.url}/predict/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
    });
    asked.on('error', () => undefined);
    asked.write(JSON.stringify(ROW));
    await leased;
    await promote('2');
    expect(close).not.toHaveBeenCalled();
    asked.destroy();
    await until(() => close.mock.calls.length > 0);
  });

  it.each([
    ['a row that is refused', '/predict', {}, 422],
    ['a parameter that is refused', '/predict?include=all', ROW, 422],
    ['a named model', '/models/tiny/predict', {}, 422],
    ['a batch', '/predict/batch', { instances: [{}] }, 422],
    ['tensors', '/v2/models/tiny/infer', { inputs: [] }, 400],
    ['invocations', '/invocations', { inputs: [] }, 400],
  ])('frees the version after an error: %s', async (_, path, body, status) => {
    const close = jest.spyOn(registry.model, 'close');
    expect((await api.post(path, body)).status).toBe(status);
    await promote('2');
    await until(() => close.mock.calls.length > 0);
  });
});
