import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { portOf, temporaryFolder, TURNED_FOREST, until, writeTinyBundle } from '#testing';
import { ModelRegistry } from './model-registry.js';
import type { RegistryOptions } from './registry.options.js';

Logger.overrideLogger(false);
const folder = temporaryFolder();
const opened: ModelRegistry[] = [];
afterEach(() => Promise.all(opened.splice(0).map((registry) => registry.onApplicationShutdown())));

function open(options: Partial<RegistryOptions>): ModelRegistry {
  const registry = new ModelRegistry(
    { directory: folder, threads: 1, maxPendingRows: 100, watchSeconds: 0.02, ...options },
    new FeaturePipeline(),
  );
  opened.push(registry);
  registry.onModuleInit();
  return registry;
}

it('A version that was deleted and made again under its number is served again; a broken one is not', async () => {
  const directory = join(folder, 'models');
  const { rows } = await writeTinyBundle(directory);
  const row = Object.values(rows[0].input).map((value) => value ?? NaN);
  const registry = open({ directory });
  await until(() => registry.state.status === 'ready');
  const label = async () => (await registry.model.predict(row)).label;
  const before = await label();
  await rm(join(directory, 'tiny/1'), { recursive: true });
  await writeTinyBundle(directory, { forest: TURNED_FOREST });
  await until(async () => (await label()) !== before);
  const turned = await label();
  await writeFile(join(directory, 'tiny/1/manifest.json'), '{}');
  await until(() => registry.state.status === 'ready' && registry.state.failure?.includes('manifest.json'));
  expect(await label()).toBe(turned);
  await rm(join(directory, 'tiny/1'), { recursive: true });
  await writeTinyBundle(directory);
  await until(async () => (await label()) === before);
  // A scan that began while the folder was empty may end after the version has loaded; the next one clears its failure.
  await until(() => !('failure' in registry.state));
});

it('What answers where no model is named goes on by its next version also while none is the default one', async () => {
  const directory = join(folder, 'undecided');
  const { rows } = await writeTinyBundle(directory);
  const row = Object.values(rows[0].input).map((value) => value ?? NaN);
  const registry = open({ directory });
  await until(() => registry.state.status === 'ready');
  const { label } = await registry.model.predict(row);
  await writeTinyBundle(directory, { name: 'other' });
  await until(() => registry.state.status === 'ready' && registry.state.failure !== undefined);
  await writeTinyBundle(directory, { version: '2', forest: TURNED_FOREST });
  await until(() => registry.find('tiny').manifest.version === '2');
  await until(() => registry.model.manifest.version === '2');
  expect((await registry.model.predict(row)).label).not.toBe(label);
});

it('A source that drips keeps no other from serving', async () => {
  const remote = join(folder, 'remote');
  await writeTinyBundle(remote);
  const dripping = createServer((_, response) => void response.write('{')).listen(0, '127.0.0.1');
  await once(dripping, 'listening');
  const urls = [`http://127.0.0.1:${portOf(dripping)}/slow`, pathToFileURL(join(remote, 'tiny')).href];
  const source = { urls, cache: join(folder, 'cache'), seconds: 0, allowedHosts: ['127.0.0.1'] };
  const registry = open({ source, defaultModel: 'tiny' });
  await until(() => registry.state.status === 'ready');
  expect(registry.model.manifest.name).toBe('tiny');
  dripping.closeAllConnections();
  await until(() => registry.failures.length > 0);
  expect(registry.failures).toEqual([expect.stringContaining('/slow/aliases.json: could not be read')]);
  dripping.close();
});
