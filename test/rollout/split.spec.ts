import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from '../../apps/api/src/security/keys/api-key.js';
import { writeAliases, writeBundle } from '#bundle';
import { ModelRegistry } from '#registry';
import { type RolloutAction, Rollouts, startRollout } from '#renewal';
import { temporaryFolder, tinyBundle, TURNED_FOREST } from '#testing';
import { type Answer, boot, type RunningApi } from '../helper/boot.js';

const ROW = { weight_kg: 0, distance_km: 9000, value_eur: null };
const TENSORS = [
  { name: 'weight_kg', datatype: 'FP64', shape: [1], data: [0] },
  { name: 'distance_km', datatype: 'INT64', shape: [1], data: [9000] },
  { name: 'value_eur', datatype: 'FP64', shape: [1], data: [10] },
];
const ISO = expect.stringMatching(/^\d{4}-.*Z$/) as string;
const ID = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

describe('A rollout', () => {
  const folder = temporaryFolder();
  const models = join(folder, 'models');
  const admin = generateKey('ops', ['admin', 'predict']);
  const rollouts = new Rollouts(models);
  const environment = { MODELS_DIR: models, RENEWAL_JOBS: join(folder, 'jobs') };
  let api: RunningApi;

  const auth = { authorization: `Bearer ${admin.key}` };
  const as = (key: string) => ({ ...auth, 'x-routing-key': key });
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> =>
    api.post(path, body, { ...auth, ...headers });
  const act = (action: RolloutAction, reason = 'a test'): Promise<Answer> =>
    post(`/models/tiny/rollout/${action}`, { reason });
  const advance = async (): Promise<void> => {
    await rollouts.step('tiny', { kind: 'advance' }, { reason: 'a test' });
    await api.app.get(ModelRegistry).load();
  };
  const versionOf = async (key: string, path = '/predict'): Promise<string> => {
    const { status, body } = await api.post(path, ROW, as(key));
    expect(status).toBe(200);
    return body.model_version as string;
  };

  beforeAll(async () => {
    await writeBundle(models, tinyBundle());
    await writeBundle(models, tinyBundle({ version: '2', forest: TURNED_FOREST }));
    await writeAliases(models, 'tiny', { champion: '1' });
    api = await boot({ ...environment, API_KEYS: admin.line });
  });
  afterAll(() => api.close());

  it('is not there without keys', async () => {
    const open = await boot(environment);
    try {
      for (const path of ['rollout', 'rollout/promote', 'renew']) {
        expect((await open.post(`/models/tiny/${path}`, {})).status).toBe(404);
      }
      expect((await open.ask('/models/tiny/rollout')).status).toBe(404);
    } finally {
      await open.close();
    }
  });

  it('is idle first', async () => {
    const { status, body } = await api.ask('/models/tiny/rollout', { headers: auth });
    const nothing = { id: null, challenger: null, weight: 0, since: null, evidence: [], reason: null };
    expect([status, body]).toEqual([200, { model: 'tiny', state: 'idle', champion: '1', ...nothing }]);
    expect((await act('resume')).body).toMatchObject({
      type: 'urn:skewless:problem:wrong-rollout-state',
      status: 409,
      detail: 'resume is not possible while the rollout is in the state idle; possible: start.',
    });
  });

  it.each([
    [{ steps: 5 }, 'steps must be a list of up to 100 numbers, in percent.'],
    [{ mode: 'now', speed: 1 }, 'mode must be manual or auto; 1 more fault, see errors.'],
    [[], 'The body must be a JSON object.'],
    [{ version: '9' }, /^tiny has no version or alias 9 under /],
    [{ version: '1' }, 'tiny: version 1 is the champion already.'],
    [{ version: '2', steps: [5, 200] }, 'The steps 5, 200 must ascend, each above 0 and below 100 percent.'],
  ])('is refused where it cannot be: %j', async (body, detail) => {
    const answer = await post('/models/tiny/rollout', body);
    expect([answer.status, answer.body.detail]).toEqual([
      422,
      typeof detail === 'string' ? detail : expect.stringMatching(detail),
    ]);
  });

  it('begins in the shadow: all are answered by the champion', async () => {
    const { status, body } = await post('/models/tiny/rollout', { version: '2', steps: [25, 50], mode: 'auto' });
    const begun = {
      model: 'tiny',
      state: 'shadow',
      id: ID,
      champion: '1',
      challenger: '2',
      weight: 0,
      since: ISO,
      evidence: [],
      reason: 'by ops',
    };
    expect([status, body]).toEqual([202, begun]);
    const again = await post('/models/tiny/rollout', { version: '2' });
    expect([again.status, again.body.type]).toEqual([409, 'urn:skewless:problem:rollout-in-progress']);
    for (let n = 0; n < 100; n++) expect(await versionOf(`${n}`)).toBe('tiny:1');
  });

  it('is split by caller from door to door, and who was chosen stays so when the share grows', async () => {
    await advance();
    const keys = Array.from({ length: 200 }, (_, n) => `caller ${n}`);
    const chosen = new Set<string>();
    for (const key of keys) if ((await versionOf(key)) === 'tiny:2') chosen.add(key);
    expect(chosen.size).toBeGreaterThan(20);
    expect(chosen.size).toBeLessThan(90);
    for (const key of keys.slice(0, 40)) {
      const expected = chosen.has(key) ? '2' : '1';
      expect(await versionOf(key, '/models/tiny/predict')).toBe(`tiny:${expected}`);
      expect(await versionOf(key, '/predict?include=probabilities')).toBe(`tiny:${expected}`);
      const batch = await api.post('/predict/batch', { instances: [ROW, ROW, ROW] }, as(key));
      expect(batch.body.predictions.map((one: { model_version: string }) => one.model_version)).toEqual(
        Array(3).fill(`tiny:${expected}`),
      );
      const infer = await post('/v2/models/tiny/infer', { inputs: TENSORS, parameters: { routing_key: key } });
      expect(infer.body.model_version).toBe(expected);
      const mlflow = await api.post('/invocations', { dataframe_records: [ROW] }, as(key));
      expect(mlflow.body.predictions).toEqual([expected === '2' ? 'road' : 'air']);
      for (const path of ['/models/tiny/versions/1/predict', '/models/tiny/versions/champion/predict']) {
        expect(await versionOf(key, path)).toBe('tiny:1');
      }
    }
    await advance();
    for (const key of chosen) expect(await versionOf(key)).toBe('tiny:2');
    expect((await api.ask('/models/tiny/rollout', { headers: auth })).body).toMatchObject({
      state: 'canary',
      weight: 0.5,
    });
  });

  it('splits requests whose callers do not say who they are', async () => {
    const versions = new Set<string>();
    for (let n = 0; n < 60; n++) versions.add((await post('/predict', ROW)).body.model_version as string);
    expect([...versions].sort()).toEqual(['tiny:1', 'tiny:2']);
  });

  it('lets the champion serve all where somebody has moved an alias past it', async () => {
    await writeAliases(models, 'tiny', { champion: '1' });
    await api.app.get(ModelRegistry).load();
    for (let n = 0; n < 50; n++) expect(await versionOf(`caller ${n}`)).toBe('tiny:1');
    await writeAliases(models, 'tiny', { champion: '1', challenger: '2' });
    await api.app.get(ModelRegistry).load();
  });

  it('is promoted, goes back without loading anything, and tells both', async () => {
    const registry = api.app.get(ModelRegistry);
    expect((await act('promote')).body).toMatchObject({ state: 'promoted', champion: '2', weight: 1 });
    expect(await versionOf('anybody')).toBe('tiny:2');
    const before = registry.find('tiny', '1');
    expect((await act('rollback', 'complaints')).body).toMatchObject({
      state: 'rolled_back',
      champion: '1',
      challenger: '2',
      weight: 0,
      reason: 'complaints',
    });
    expect(registry.find('tiny')).toBe(before);
    for (let n = 0; n < 50; n++) expect(await versionOf(`caller ${n}`)).toBe('tiny:1');
  });

  it('asks for a training once', async () => {
    const first = await post('/models/tiny/renew', { reason: 'new prices' });
    expect([first.status, first.body]).toEqual([202, { job: expect.stringMatching(/^\d+-[0-9a-f]{8}$/) }]);
    const second = await post('/models/tiny/renew');
    expect([second.status, second.body]).toEqual([200, first.body]);
    const queued = (await api.ask('/models/tiny/rollout', { headers: auth })).body;
    expect(queued).toMatchObject({ state: 'queued', id: first.body.job, reason: 'new prices' });
    expect((await act('abort')).body).toMatchObject({ state: 'rolled_back', reason: 'complaints' });
  });

  it('begins with the steps and the mode of the model’s own file, as it is now', async () => {
    const home = join(folder, 'home');
    mkdirSync(join(home, 'config/models'), { recursive: true });
    const begin = async (renewal: string, body: object = {}): Promise<unknown> => {
      writeFileSync(join(home, 'config/models/tiny.yaml'), renewal);
      const answer = await post('/models/tiny/rollout', { version: '2', ...body });
      if (answer.status !== 202) return answer.body.detail;
      const { steps, mode } = (await rollouts.read('tiny'))!;
      await act('abort');
      return { steps, mode };
    };
    const before = process.env.SKEWLESS_HOME;
    process.env.SKEWLESS_HOME = home;
    try {
      expect(await begin('')).toEqual({ steps: [1, 5, 25, 50], mode: 'manual' });
      expect(await begin('renewal: { mode: auto, steps: [20, 40] }')).toEqual({ steps: [20, 40], mode: 'auto' });
      expect(await begin('renewal: { mode: auto, steps: [20] }', { mode: 'manual' })).toEqual({
        steps: [20],
        mode: 'manual',
      });
      expect(await begin('renewal: { steps: [20, 300] }')).toMatch(/tiny\.yaml/);
    } finally {
      if (before === undefined) delete process.env.SKEWLESS_HOME;
      else process.env.SKEWLESS_HOME = before;
    }
  });

  it('tells where it stands, and goes back, while no version can serve', async () => {
    const broken = join(folder, 'broken');
    for (const version of ['1', '2']) await writeBundle(broken, tinyBundle({ version }));
    await writeAliases(broken, 'tiny', { champion: '1' });
    await startRollout({ directory: broken }, 'tiny', { version: '2', steps: [50], mode: 'auto' }, 'a test');
    await new Rollouts(broken).step('tiny', { kind: 'promote' }, { reason: 'a test' });
    for (const version of ['1', '2']) writeFileSync(join(broken, 'tiny', version, 'model.onnx'), 'no model');
    const other = await boot({ ...environment, MODELS_DIR: broken, API_KEYS: admin.line });
    try {
      const ask = (path: string, init: RequestInit = {}) => other.ask(path, { ...init, headers: auth });
      expect((await other.post('/models/tiny/predict', ROW, auth)).status).toBe(503);
      const { status, body } = await ask('/models/tiny/rollout');
      expect([status, body]).toEqual([200, expect.objectContaining({ state: 'promoted', champion: '2' })]);
      const back = await ask('/models/tiny/rollout/rollback', { method: 'POST' });
      expect([back.status, back.body]).toEqual([200, expect.objectContaining({ state: 'rolled_back', champion: '1' })]);
      expect((await ask('/models/other/rollout')).status).toBe(404);
      expect((await ask('/models/..%2Ftiny/rollout')).status).toBe(404);
    } finally {
      await other.close();
    }
  });

  it('is refused where models come from elsewhere, with what it needs', async () => {
    const other = await boot({
      MODELS_SOURCE: `file://${join(models, 'tiny')}`,
      MODELS_CACHE: join(folder, 'cache'),
      API_KEYS: admin.line,
    });
    try {
      const { status, body } = await other.post('/models/tiny/rollout', { version: '2' }, auth);
      expect([status, body.detail]).toEqual([
        422,
        'Rollouts need a models folder that is shared for writing (one host, or a ReadWriteMany volume); these come from models.source (MODELS_SOURCE).',
      ]);
    } finally {
      await other.close();
    }
  });

  it('is of models that there are, and of actions that there are', async () => {
    expect((await post('/models/other/rollout', { version: '2' })).status).toBe(404);
    const { status, body } = await post('/models/tiny/rollout/hurry');
    expect([status, body.detail]).toEqual([
      404,
      'The action must be one of pause, resume, promote, rollback, abort; received "hurry".',
    ]);
  });
});
