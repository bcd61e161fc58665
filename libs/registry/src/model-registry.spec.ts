import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { temporaryFolder, tinyBundle, until, writeTinyBundle } from '#testing';
import { ModelNotReadyError, NoDefaultModelError, writeAliases, writeBundle } from '#bundle';
import type { ServedModel } from '#runtime';
import { ModelRegistry } from './model-registry.js';

Logger.overrideLogger(false);

const folder = temporaryFolder();
let models: string;
let registry: ModelRegistry;
let tests = 0;

const registryOf = (defaultModel?: string, maxPendingRows = 10_000): ModelRegistry =>
  new ModelRegistry({ directory: models, defaultModel, threads: 1, maxPendingRows }, new FeaturePipeline());

beforeEach(async () => {
  models = join(folder, String(++tests));
  await mkdir(models);
  registry = registryOf();
});
afterEach(() => registry.onApplicationShutdown());

/** Calls `look` in every turn of the event loop until the promise settles. */
async function eachTurn(underWay: Promise<unknown>, look: () => void): Promise<void> {
  let over = false;
  const done = underWay.finally(() => (over = true));
  for (; !over; await new Promise(setImmediate)) look();
  await done;
}

const servedVersion = (): string => registry.model.manifest.version;
const PARCEL = [0, 9000, NaN];
const BY_AIR = {
  id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
  label: 'air',
  classIndex: 0,
  probability: 0.875,
  scores: Float32Array.of(0.875, 0, 0.125),
  offset: 0,
};

describe('ModelRegistry', () => {
  it('has no model before it has loaded one', () => {
    expect(registry.state).toEqual({ status: 'loading' });
    expect(() => registry.model).toThrow(new ModelNotReadyError('The model is being loaded'));
  });

  it('loads the champion of the only model', async () => {
    await writeTinyBundle(models, { version: '7' });
    const state = await registry.load();
    expect(state).toEqual({ status: 'ready', model: registry.model });
    expect(registry.state).toBe(state);
    expect(servedVersion()).toBe('7');
    expect(await registry.model.predict(PARCEL)).toEqual(BY_AIR);
  });

  it('loads the default model among many', async () => {
    await writeTinyBundle(models, { name: 'big' });
    await writeTinyBundle(models);
    registry = registryOf('big');
    await registry.load();
    expect(registry.model.manifest.name).toBe('big');
  });

  it('starts to load with the application, which need not wait for it', async () => {
    await writeTinyBundle(models);
    registry.onModuleInit();
    expect(registry.state).toEqual({ status: 'loading' });
    await until(() => registry.state.status !== 'loading');
    expect(registry.state.status).toBe('ready');
  });

  it.each<[string, string | undefined, () => Promise<unknown>, () => string]>([
    [
      'there is no models folder',
      undefined,
      () => rm(models, { recursive: true }),
      () =>
        `${models}: does not exist. Point MODELS_DIR, or models.directory in config/config.yaml, to the folder that holds the models.`,
    ],
    [
      'the folder is empty',
      undefined,
      () => Promise.resolve(),
      () =>
        `${models}: contains no model. Train one with "npx skewless run", or import one with "npx skewless import".`,
    ],
    [
      'the default is unknown',
      'huge',
      () => writeTinyBundle(models),
      () =>
        `${models}: contains no model "huge", only: tiny. Correct DEFAULT_MODEL, or models.default in config/config.yaml.`,
    ],
    [
      'there are no aliases',
      undefined,
      () => writeBundle(models, tinyBundle()),
      () =>
        `${join(models, 'tiny', 'aliases.json')}: does not exist: no version of the model serves yet. "npx skewless models promote tiny VERSION" makes one the champion.`,
    ],
    [
      'the champion does not exist',
      undefined,
      () => writeTinyBundle(models).then(() => writeAliases(models, 'tiny', { champion: '2' })),
      () => `${join(models, 'tiny', '2', 'manifest.json')}: does not exist. Restore it, or import the version again.`,
    ],
  ])('says why it failed when %s', async (_, defaultModel, arrange, reason) => {
    await arrange();
    registry = registryOf(defaultModel);
    expect(await registry.load()).toEqual({ status: 'failed', failure: reason() });
    expect(() => registry.model).toThrow(new ModelNotReadyError(reason()));
  });

  it('is ready, and asks to be told which, when there are two models and none is the default', async () => {
    await writeTinyBundle(models, { name: 'a' });
    await writeTinyBundle(models, { name: 'b' });
    registry = registryOf();
    expect(await registry.load()).toEqual({ status: 'undecided', models: ['a', 'b'] });
    expect(registry.isReady).toBe(true);
    expect(() => registry.model).toThrow(new NoDefaultModelError(['a', 'b']));
    expect(registry.find('b').manifest.name).toBe('b');
  });

  it('is not ready when none of the two can answer', async () => {
    for (const name of ['a', 'b']) {
      await writeTinyBundle(models, { name });
      await writeFile(join(models, name, '1', 'model.onnx'), 'noise');
    }
    registry = registryOf();
    expect(await registry.load()).toEqual({ status: 'undecided', models: ['a', 'b'] });
    expect(registry.isReady).toBe(false);
    expect(registry.failures).toHaveLength(2);
  });

  it('serves once what was wrong is mended', async () => {
    await registry.load();
    expect(registry.state.status).toBe('failed');
    await writeTinyBundle(models);
    expect(await registry.load()).toEqual({ status: 'ready', model: registry.model });
  });
});

describe('Loading again', () => {
  beforeEach(async () => {
    await writeTinyBundle(models, { version: '1' });
    await registry.load();
  });

  /** A version that can be read but does not reproduce its golden rows. */
  async function writeBrokenChampion(version: string): Promise<void> {
    const { golden, ...rest } = tinyBundle({ version });
    const rows = golden.rows.map((row) => ({ ...row, features: [9, 9, 9, 9] }));
    await writeBundle(models, { ...rest, golden: { ...golden, rows } });
    await writeAliases(models, 'tiny', { champion: version });
  }

  it('swaps to the new champion', async () => {
    await writeTinyBundle(models, { version: '2' });
    expect(servedVersion()).toBe('1');
    await registry.load();
    expect(servedVersion()).toBe('2');
    expect(await registry.model.predict(PARCEL)).toEqual(BY_AIR);
  });

  it('answers all the while', async () => {
    await writeTinyBundle(models, { version: '2' });
    const answers: ReturnType<typeof registry.model.predict>[] = [];
    const seen = new Set<string>();
    await eachTurn(registry.load(), () => {
      seen.add(servedVersion());
      answers.push(registry.model.predict(PARCEL));
    });
    expect([...seen][0]).toBe('1');
    const all = await Promise.all(answers.map((answer) => Promise.resolve(answer)));
    expect(all).toEqual(all.map(() => BY_AIR));
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('keeps the old one when the new one is broken, and says why', async () => {
    const before = registry.model;
    await writeBrokenChampion('2');
    const loading = registry.load();
    await eachTurn(loading, () => expect(registry.model).toBe(before));
    const failure = `${join(models, 'tiny', '2', 'golden.json')}: rows[0]: weight_kg: expected 9, got -1. The version does not reproduce its golden rows: train or import it again.`;
    expect(await loading).toEqual({ status: 'ready', model: before, failure });
    expect(registry.state).toBe(await loading);
    expect(await registry.model.predict(PARCEL)).toEqual(BY_AIR);
  });

  it('forgets the failure once a sound champion is loaded', async () => {
    await writeFile(join(models, 'tiny', 'aliases.json'), '{');
    expect(await registry.load()).toHaveProperty('failure');
    await writeTinyBundle(models, { version: '3' });
    expect(await registry.load()).toEqual({ status: 'ready', model: registry.model });
    expect(servedVersion()).toBe('3');
  });

  it('answers the rows in progress before the old session is closed', async () => {
    const old = registry.model;
    const columns = PARCEL.map((value) => new Float64Array(4_000).fill(value));
    const answers: Promise<Float32Array>[] = [];
    let underWay = 0;
    await writeTinyBundle(models, { version: '2' });
    await eachTurn(registry.load(), () => {
      if (registry.model !== old || underWay === 2) return;
      underWay++;
      answers.push(
        old
          .predictBatch(columns, 4_000)
          .then(({ probabilities }) => probabilities)
          .finally(() => underWay--),
      );
    });
    expect(answers.length).toBeGreaterThan(1);
    for (const probabilities of await Promise.all(answers)) {
      expect(new Set(probabilities)).toEqual(new Set([BY_AIR.probability]));
    }
    await new Promise(setImmediate);
    await expect(old.predict(PARCEL)).rejects.toThrow('The model failed');
  });

  it('closes a model whose contract cannot be made', async () => {
    let opened: ServedModel | undefined;
    const contractOf = (model: ServedModel): never => {
      opened = model;
      throw new Error('no contract');
    };
    const options = { directory: models, threads: 1, maxPendingRows: 10, contractOf };
    registry = new ModelRegistry(options, new FeaturePipeline());
    expect((await registry.load()).status).toBe('failed');
    await expect(opened!.predict(PARCEL)).rejects.toThrow('The model failed');
  });

  it('closes the model with the application', async () => {
    const { model } = registry;
    await registry.onApplicationShutdown();
    await expect(model.predict(PARCEL)).rejects.toThrow('The model failed');
    registry = registryOf();
  });
});
