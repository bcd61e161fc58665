import { ModelRegistry } from '#registry';
import { writeAliases } from '#bundle';
import { boot, type RunningApi } from './helper/boot.js';
import { temporaryFolder, TINY_RECIPE, type TinyBundle, writeTinyBundle } from '#testing';

describe('A bundle with other columns, other steps and other classes serves without a change of code', () => {
  const models = temporaryFolder();
  let tiny: TinyBundle;
  let api: RunningApi;

  beforeAll(async () => {
    tiny = await writeTinyBundle(models);
    api = await boot({ MODELS_DIR: models });
  });
  afterAll(() => api.close());

  const expected = () =>
    tiny.rows.map(({ prediction, probabilities }) => ({ prediction, probability: Math.max(...probabilities) }));

  it('singly and as a batch, null where its schema allows it', async () => {
    const singles = await Promise.all(tiny.rows.map(({ input }) => api.post('/predict', input)));
    const batch = await api.post('/predict/batch', { instances: tiny.rows.map(({ input }) => input) });
    expect(singles.map(({ body }) => body)).toMatchObject(expected());
    expect(batch.body.predictions).toMatchObject(expected());
    expect(new Set(singles.map(({ body }) => body.prediction))).toEqual(new Set(['air', 'road', 'sea']));
  });

  it('takes an absent nullable field as null', async () => {
    const row = tiny.rows.find(({ input }) => input.value_eur === null)!;
    const { value_eur, ...rest } = row.input;
    expect(value_eur).toBeNull();
    expect((await api.post('/predict', rest)).body.prediction).toBe(row.prediction);
  });

  it('refuses by its own schema', async () => {
    const { status, body } = await api.post('/predict', {
      weight_kg: null,
      distance_km: 0.5,
      value_eur: 'x',
      feature_1: 1,
    });
    expect([status, body.errors]).toEqual([
      422,
      [
        { path: 'weight_kg', expected: 'a finite number from 0 to 1000', received: null },
        { path: 'distance_km', expected: 'a whole number from 1 to 20000', received: 0.5 },
        { path: 'value_eur', expected: 'a finite number of at least 0, or null', received: 'x' },
        { path: 'feature_1', expected: 'absent: the fields are weight_kg, distance_km, value_eur', received: 1 },
      ],
    ]);
  });

  it('is described by its own schema', async () => {
    const { PredictRequest } = (await api.ask('/openapi.json')).body.components.schemas;
    expect(PredictRequest).toEqual({
      type: 'object',
      additionalProperties: false,
      required: ['weight_kg', 'distance_km'],
      properties: {
        weight_kg: { type: 'number', minimum: 0, maximum: 1_000, example: 2.5 },
        distance_km: { type: 'integer', minimum: 1, maximum: 20_000, example: 800 },
        value_eur: { type: ['number', 'null'], minimum: 0, example: 99.5 },
        external_id: {
          type: 'string',
          pattern: '^[A-Za-z0-9._:-]{1,64}$',
          description: "The caller's own id of the row, by which its label can be sent later",
        },
      },
      example: { weight_kg: 2.5, distance_km: 800, value_eur: 99.5 },
    });
    const { signature } = (await api.ask('/model/info')).body;
    expect(signature).toMatchObject({ features: TINY_RECIPE.outputs, classes: ['air', 'road', 'sea'] });
  });

  it('gives way to a newer version without a request lost', async () => {
    await writeTinyBundle(models, { version: '2' });
    const { input } = tiny.rows[0];
    let switched = false;
    const versions: string[] = [(await api.post('/predict', input)).body.model_version];
    const asking = (async () => {
      do {
        const answers = await Promise.all(Array.from({ length: 20 }, () => api.post('/predict', input)));
        expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
        versions.push(...answers.map(({ body }) => body.model_version as string));
      } while (!switched || versions.at(-1) !== 'tiny:2');
    })();
    await api.app.get(ModelRegistry).load();
    switched = true;
    await asking;
    expect(new Set(versions)).toEqual(new Set(['tiny:1', 'tiny:2']));
  });

  it('goes on serving when a newer version is broken, and readiness says so without turning 503', async () => {
    await writeAliases(models, 'tiny', { champion: '3' });
    await api.app.get(ModelRegistry).load();
    const { status, body } = await api.ask('/health/ready');
    expect([status, body.status, body.details.model.version]).toEqual([200, 'degraded', '2']);
    expect(body.details.model.message).toMatch(/tiny\/3\/manifest\.json: does not exist\. Restore it/);
    expect((await api.post('/predict', tiny.rows[0].input)).status).toBe(200);
  });
});
