import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE } from '#testing';

describe('The probes tell the truth', () => {
  let models: string;
  let api: RunningApi;

  beforeEach(async () => {
    models = await mkdtemp(join(tmpdir(), 'skewless-'));
    await cp('models', models, { recursive: true });
  });
  afterEach(async () => {
    await api.close();
    await rm(models, { recursive: true });
  });

  const NOTHING_WRONG = { status: 'ok', info: {}, error: {}, details: {} };
  const start = async () => (api = await boot({ MODELS_DIR: models }));
  const edit = async (file: string, change: (text: string) => string): Promise<void> => {
    const path = join(models, 'random_forest/1', file);
    await writeFile(path, change(await readFile(path, 'latin1')), 'latin1');
  };

  it('of a model that serves', async () => {
    await start();
    const model = { status: 'up', name: 'random_forest', version: '1', golden_rows: 256 };
    const ready = await api.ask('/health/ready');
    expect([ready.status, ready.body]).toEqual([200, { status: 'ok', info: { model }, error: {}, details: { model } }]);
    expect(ready.headers.get('cache-control')).toBe('no-cache, no-store, must-revalidate');
    const live = await api.ask('/health/live');
    expect([live.status, live.body]).toEqual([200, NOTHING_WRONG]);
    expect((await api.ask('/health/startup')).body.details).toEqual({ startup: { status: 'up' } });
    expect((await api.ask('/health')).body).toEqual({
      status: 'healthy',
      model_loaded: true,
      model_algorithm: 'random_forest',
      model_accuracy: 0.995,
      timestamp: expect.any(String) as string,
    });
  });

  it.each([
    [
      'a model file that was changed',
      () => edit('model.onnx', (text) => text.replace('forest', 'fOrest')),
      /model\.onnx: has SHA-256 [0-9a-f]{64}, but the manifest says [0-9a-f]{64}\. The file was changed after/,
    ],
    [
      'a manifest that names other classes',
      () => edit('manifest.json', (text) => text.replace(/"classes": \[[^\]]*\]/, '"classes": [0, 1, 2]')),
      /model\.onnx: predicts 2 classes, but manifest\.json names 3\./,
    ],
    [
      'no models',
      () => rm(join(models, 'random_forest'), { recursive: true }),
      /: contains no model\. Train one with "npx skewless run"/,
    ],
    [
      'no champion',
      () => rm(join(models, 'random_forest/aliases.json')),
      /aliases\.json: does not exist: no version of the model serves yet\. "npx skewless models promote random_forest VERSION"/,
    ],
  ])('of %s: alive and started, not ready, and why', async (_, harm, reason) => {
    await harm();
    await start();
    const ready = await api.ask('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ status: 'error', error: { model: { status: 'down' } } });
    expect(ready.body.details.model.message).toMatch(reason);
    expect((await api.ask('/health/live')).status).toBe(200);
    expect((await api.ask('/health/startup')).status).toBe(200);

    const health = await api.ask('/health');
    expect([health.status, health.body]).toMatchObject([
      503,
      { status: 'unhealthy', model_loaded: false, model_algorithm: null, model_accuracy: null },
    ]);
    for (const refused of [
      await api.post('/predict', EXAMPLE),
      await api.post('/predict/batch', { instances: [EXAMPLE] }),
      await api.ask('/model/info'),
    ]) {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(refused.body.type).toBe('urn:skewless:problem:model-not-ready');
      expect(refused.body.detail).toMatch(reason);
    }
    expect((await api.ask('/openapi.json')).body.components.schemas.PredictRequest).toEqual({
      additionalProperties: true,
      type: 'object',
    });
  });
});
