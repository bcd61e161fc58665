import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readAliases, readAnyBundle } from '#bundle';
import { temporaryFolder, writeTinyBundle } from '#testing';
import { ModelSources } from '../model-sources.js';
import type { SourceOptions } from '../source-options.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A temporary folder with a tiny bundle `tiny/3` in `remote`, for local servers to serve. */
export const folder = temporaryFolder();
export const remote = join(folder, 'remote');
export const servers: Server[] = [];
let caches = 0;

Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI',
  AWS_REGION: 'us-east-1',
});

beforeAll(() => writeTinyBundle(remote, { version: '3' }));
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Starts a local server. @returns its host and port */
export async function serve(answer: Answer): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves the files of the remote folder. @param strip prefix of its paths */
export const files =
  (strip = '', seen: string[] = []): Answer =>
  async ({ url }, response) => {
    seen.push(url!);
    const bytes = await readFile(join(remote, url!.split('?')[0].slice(strip.length))).catch(() => undefined);
    response.statusCode = bytes ? 200 : 404;
    response.end(bytes);
  };

export const sources = (urls: string[], options: Partial<SourceOptions> = {}): ModelSources =>
  new ModelSources({
    urls,
    cache: join(folder, `cache-${++caches}`),
    allowedHosts: ['127.0.0.1'],
    seconds: 0,
    ...options,
  });

export async function expectTiny(from: ModelSources): Promise<void> {
  expect(await from.refresh()).toEqual([]);
  expect(await readdir(from.directory)).toEqual(['tiny']);
  expect(await readAliases(from.directory, 'tiny')).toEqual({ champion: '3' });
  const { manifest } = await readAnyBundle(join(from.directory, 'tiny', '3'));
  expect([manifest.name, manifest.version]).toEqual(['tiny', '3']);
}
