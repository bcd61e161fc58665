import { rmSync, symlinkSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { adder, temporaryFolder, tinyBundle, until, writeForeignModel, writeTinyBundle } from '#testing';
import {
  ModelNotFoundError,
  ModelNotReadyError,
  NoPipelineError,
  VersionNotLoadedError,
  writeAliases,
  writeBundle,
} from '#bundle';
import { ModelRegistry } from './model-registry.js';
import type { RegistryOptions } from './registry.options.js';

Logger.overrideLogger(false);

const folder = temporaryFolder();
let models: string;
let registry: ModelRegistry;
let tests = 0;

const registryOf = (options: Partial<RegistryOptions> = {}): ModelRegistry =>
  new ModelRegistry(
    { directory: models, defaultModel: 'tiny', threads: 1, maxPendingRows: 10_000, ...options },
    new FeaturePipeline(),
  );

beforeEach(async () => {
  models = join(folder, String(++tests));
  await mkdir(models);
  for (const version of ['1', '2', '3']) await writeBundle(models, tinyBundle({ version }));
  await writeAliases(models, 'tiny', { champion: '2', challenger: '1' });
  await writeForeignModel(models, 'simple', adder());
  registry = registryOf();
});
afterEach(() => registry.onApplicationShutdown());

const statuses = (): string[] =>
  registry.list().map(({ name, version, aliases, state }) => `${name}/${version} ${aliases.join()} ${state.status}`);
const versionOf = (name: string, version?: string): string => registry.find(name, version).manifest.version;

/** A version that can be read but does not reproduce its golden rows. */
async function writeBroken(version: string): Promise<void> {
  const { golden, ...rest } = tinyBundle({ version });
  const rows = golden.rows.map((row) => ({ ...row, features: [9, 9, 9, 9] }));
  await writeBundle(models, { ...rest, golden: { ...golden, rows } });
}

describe('A registry of many models', () => {
  it('loads the versions that aliases name, and lists the others', async () => {
    await registry.load();
    expect(statuses()).toEqual([
      'tiny/1 challenger ready',
      'tiny/2 champion ready',
      'tiny/3  unloaded',
      'simple/1 champion ready',
    ]);
    expect([versionOf('tiny'), versionOf('tiny', 'champion'), versionOf('tiny', 'challenger')]).toEqual([
      '2',
      '2',
      '1',
    ]);
    expect(registry.model).toBe(registry.find('tiny', '2'));
    expect(registry.failures).toEqual([]);
  });

  it('loads all versions where that is asked for', async () => {
    registry = registryOf({ load: 'all' });
    await registry.load();
    expect(versionOf('tiny', '3')).toBe('3');
  });

  it('says what there is when something is not', async () => {
    expect(() => registry.find('tiny')).toThrow(new ModelNotReadyError('The models are being loaded'));
    await registry.load();
    expect(() => registry.find('big')).toThrow(
      new ModelNotFoundError('There is no model "big"; there are: tiny, simple'),
    );
    expect(() => registry.find('tiny', '9')).toThrow(
      new ModelNotFoundError('Model "tiny" has no version or alias "9"; it has: 1, 2, 3, champion, challenger'),
    );
    expect(() => registry.find('tiny', '3')).toThrow(
      new VersionNotLoadedError(
        'Version 3 of tiny is not loaded, as no alias names it: set models.load to all (MODELS_LOAD=all), or make it the champion with npx skewless models promote tiny 3',
      ),
    );
    expect(() => registry.find('constructor')).toThrow(ModelNotFoundError);
    expect(() => registry.find('tiny', 'constructor')).toThrow(ModelNotFoundError);
    expect(() => registry.findServed('simple')).toThrow(new NoPipelineError('simple'));
  });

  it('loads another version on request, and keeps it until the model is unloaded', async () => {
    await registry.load();
    await registry.loadModel('tiny', '3');
    expect(versionOf('tiny', '3')).toBe('3');
    await registry.load();
    expect(versionOf('tiny', '3')).toBe('3');
    await registry.unloadModel('tiny');
    expect(registry.state).toEqual({ status: 'failed', failure: 'Model tiny was unloaded' });
    expect(() => registry.find('tiny')).toThrow(new ModelNotReadyError('Model tiny was unloaded'));
    await registry.load();
    expect(registry.state.status).toBe('failed');
    await registry.loadModel('tiny');
    expect(versionOf('tiny')).toBe('2');
    expect(registry.state).toEqual({ status: 'ready', model: registry.find('tiny') });
    await expect(registry.loadModel('big')).rejects.toThrow(ModelNotFoundError);
    await expect(registry.loadModel('tiny', '7')).rejects.toThrow('7/manifest.json: does not exist');
    await expect(registry.unloadModel('big')).rejects.toThrow(ModelNotFoundError);
  });

  it('keeps the champion of another model when its successor is broken, and says so', async () => {
    registry = registryOf({ defaultModel: 'simple' });
    await registry.load();
    expect(() => registry.model).toThrow(NoPipelineError);
    await writeBroken('4');
    await writeAliases(models, 'tiny', { champion: '4' });
    await registry.load();
    expect(versionOf('tiny')).toBe('2');
    expect(registry.failures).toEqual([
      expect.stringContaining('4/golden.json: rows[0]: weight_kg: expected 9, got -1.'),
    ]);
    expect(() => registry.find('tiny', '4')).toThrow(/golden\.json/);
    expect(registry.state).toEqual({ status: 'ready', model: registry.find('simple') });
    await writeFile(join(models, 'tiny', 'aliases.json'), '{');
    await registry.load();
    expect(versionOf('tiny')).toBe('2');
    expect(registry.failures).toEqual([expect.stringContaining('aliases.json: is not valid JSON')]);
  });

  it('tells of each model that has a champion whether it answers', async () => {
    const readiness = (): object => Object.fromEntries(registry.readiness);
    expect(readiness()).toEqual({ tiny: false });
    await writeFile(join(models, 'simple', '1', 'model.onnx'), 'noise');
    await registry.load();
    expect(readiness()).toEqual({ tiny: true, simple: false });
    await registry.unloadModel('simple');
    expect(readiness()).toEqual({ tiny: true });
    await registry.unloadModel('tiny');
    expect(readiness()).toEqual({ tiny: false });
    await registry.loadModel('tiny');
    await writeFile(join(models, 'tiny', 'aliases.json'), '{');
    await registry.load();
    expect(readiness()).toEqual({ tiny: true });
  });

  it('tells it without a default model too', async () => {
    registry = registryOf({ defaultModel: undefined });
    expect(Object.fromEntries(registry.readiness)).toEqual({ '': false });
    await registry.load();
    expect(Object.fromEntries(registry.readiness)).toEqual({ tiny: true, simple: true });
    rmSync(join(models, 'simple'), { recursive: true });
    await writeFile(join(models, 'tiny', '2', 'golden.json'), 'noise');
    await registry.onApplicationShutdown();
    registry = registryOf({ defaultModel: undefined });
    await registry.load();
    expect(Object.fromEntries(registry.readiness)).toEqual({ tiny: false });
  });

  it('keeps a model whose folder cannot be read any more', async () => {
    await registry.load();
    rmSync(join(models, 'tiny'), { recursive: true });
    symlinkSync('tiny', join(models, 'tiny'));
    await registry.load();
    expect(versionOf('tiny')).toBe('2');
    expect(registry.state).toMatchObject({
      status: 'ready',
      failure: expect.stringContaining('contains no model "tiny": that folder cannot be read (ELOOP)') as string,
    });
  });

  it('forgets a model whose folder is gone', async () => {
    await registry.load();
    const { revision } = registry;
    rmSync(join(models, 'simple'), { recursive: true });
    await registry.load();
    expect(() => registry.find('simple')).toThrow(ModelNotFoundError);
    expect(registry.revision).toBeGreaterThan(revision);
  });
});

describe('A registry that watches', () => {
  it('picks up a moved alias, and a new model, without being told', async () => {
    registry = registryOf({ watchSeconds: 0.02 });
    registry.onModuleInit();
    await until(() => registry.state.status === 'ready');
    await writeAliases(models, 'tiny', { champion: '3' });
    await until(() => registry.model.manifest.version === '3');
    expect(statuses()).toEqual(
      expect.arrayContaining(['tiny/1  unloaded', 'tiny/2  unloaded', 'tiny/3 champion ready']),
    );
    await writeTinyBundle(models, { name: 'other' });
    await until(() => registry.list().some(({ name, state }) => name === 'other' && state.status === 'ready'));
  });

  it('tries a broken version again only once its files have changed', async () => {
    const loads: string[] = [];
    const observer = {
      validated: () => 0,
      ran: () => 0,
      pending: () => 0,
      unknown: () => 0,
      loaded: (_: string, o: string) => loads.push(o),
    };
    await writeBroken('4');
    await writeAliases(models, 'tiny', { champion: '4' });
    registry = registryOf({ watchSeconds: 0.01, observer });
    registry.onModuleInit();
    await until(() => registry.state.status === 'failed');
    // Each is found by its own scan of the folder.
    for (const name of ['first', 'second']) {
      await writeTinyBundle(models, { name });
      await until(() => registry.list().some((entry) => entry.name === name && entry.state.status === 'ready'));
    }
    expect(loads.filter((outcome) => outcome === 'failure')).toEqual(['failure']);
    rmSync(join(models, 'tiny', '4'), { recursive: true });
    await writeBundle(models, tinyBundle({ version: '4' }));
    await until(() => registry.state.status === 'ready');
    expect(versionOf('tiny')).toBe('4');
  });
});
