import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FeaturePipeline } from '#features';
import { FolderWatch } from '#bundle';
import { temporaryFolder, until, writeTinyBundle } from '#testing';
import { ModelRegistry } from '../model-registry.js';

Logger.overrideLogger(false);

const folder = temporaryFolder();
const remote = join(folder, 'remote');
const opened: ModelRegistry[] = [];

function open(seconds = 0): ModelRegistry {
  const source = {
    urls: [pathToFileURL(join(remote, 'tiny')).href],
    cache: join(folder, 'cache'),
    seconds,
    allowedHosts: [],
  };
  const options = { directory: '/nowhere', source, watchSeconds: 0.02, threads: 1, maxPendingRows: 100 };
  const registry = new ModelRegistry(options, new FeaturePipeline());
  opened.push(registry);
  return registry;
}

afterEach(() => Promise.all(opened.splice(0).map((registry) => registry.onApplicationShutdown())));

describe('A registry whose models come from elsewhere', () => {
  beforeAll(() => writeTinyBundle(remote));

  it('serves them, and what becomes their champion later', async () => {
    const registry = open(0.05);
    registry.onModuleInit();
    await until(() => registry.state.status === 'ready');
    expect(registry.model.manifest.version).toBe('1');
    await writeTinyBundle(remote, { version: '2' });
    await until(() => registry.model.manifest.version === '2');
    expect(registry.failures).toEqual([]);
  });

  it('looks at the source again only when it is time', async () => {
    const registry = open();
    registry.onModuleInit();
    await until(() => registry.state.status === 'ready');
    const before = registry.model.manifest.version;
    await writeTinyBundle(remote, { version: '3' });
    const looks = jest.spyOn(FolderWatch.prototype, 'hasChanged');
    await until(() => looks.mock.calls.length > 3);
    looks.mockRestore();
    expect(registry.model.manifest.version).toBe(before);
    await registry.load();
    expect(registry.model.manifest.version).toBe('3');
  });

  it('serves what it has while the source is away, and says so', async () => {
    await open().load();
    await rename(remote, `${remote}-away`);
    const registry = open();
    expect((await registry.load()).status).toBe('ready');
    const failure = `${join(remote, 'tiny', 'aliases.json')}: does not exist. Create it, or correct the name (for a server: models.source, MODELS_SOURCE).`;
    expect(registry.failures).toEqual([failure]);
    await rename(`${remote}-away`, remote);
    await registry.load();
    expect(registry.failures).toEqual([]);
  });

  it('is not ready without a source that it can read, and says why', async () => {
    const options = { directory: '/nowhere', threads: 1, maxPendingRows: 100 };
    const source = { urls: ['https://example.org/tiny'], cache: join(folder, 'none'), seconds: 0, allowedHosts: [] };
    const registry = new ModelRegistry({ ...options, source }, new FeaturePipeline());
    expect(await registry.load()).toEqual({
      status: 'failed',
      failure: 'example.org: is not an allowed host for models. Add it to models.allowedHosts (MODELS_ALLOWED_HOSTS).',
    });
  });

  it('waits for no host when it is told to stop', async () => {
    let asked = 0;
    const silent = createServer(() => asked++).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/tiny`;
    const source = { urls: [url], cache: join(folder, 'silent'), seconds: 0, allowedHosts: ['127.0.0.1'] };
    const options = { directory: '/nowhere', source, threads: 1, maxPendingRows: 100 };
    const registry = new ModelRegistry(options, new FeaturePipeline());
    const loading = registry.load();
    await until(() => asked > 0);
    await registry.onApplicationShutdown();
    expect(await loading).toEqual({ status: 'failed', failure: expect.stringContaining('aborted') as string });
    silent.closeAllConnections();
    silent.close();
  });
});
