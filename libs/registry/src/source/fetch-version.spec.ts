import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readAliases, readAnyBundle, signBundle } from '#bundle';
import { expectTiny, files, folder, remote, servers, serve, sources } from './testing/remote-models.js';

it('comes with its signature where versions are signed, and appears without one where it has none', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const url = pathToFileURL(join(remote, 'tiny')).href;
  const fetched = async (): Promise<string> => {
    const from = sources([url], { areSigned: true });
    expect(await from.refresh()).toEqual([]);
    return join(from.directory, 'tiny', '3');
  };
  await expect(readAnyBundle(await fetched(), publicKey)).rejects.toThrow('manifest.sig: does not exist');
  const signature = await signBundle(join(remote, 'tiny', '3'), privateKey);
  expect((await readAnyBundle(await fetched(), publicKey)).manifest.version).toBe('3');
  await rm(signature);
});

describe('What was fetched', () => {
  it('is not fetched again', async () => {
    const seen: string[] = [];
    const from = sources([`http://${await serve(files('', seen))}/tiny`]);
    await expectTiny(from);
    seen.length = 0;
    await expectTiny(from);
    expect(seen).toEqual(['/tiny/aliases.json', '/tiny/3/manifest.json']);
  });

  it('stays when its source fails, and the failure is told', async () => {
    const host = await serve(files());
    const from = sources([`http://user:hidden@${host}/tiny?token=hidden`]);
    await expectTiny(from);
    servers[0].closeAllConnections();
    await new Promise((resolve) => servers[0].close(resolve));
    const [failure] = await from.refresh();
    expect(failure).toMatch(new RegExp(`^http://${host}/tiny/aliases.json: could not be read \\(.*ECONNREFUSED.*\\)`));
    expect(await readAliases(from.directory, 'tiny')).toEqual({ champion: '3' });
  });

  it('goes on with what it has, file by file', async () => {
    let isBroken = true;
    const seen: string[] = [];
    const host = await serve((request, response) => {
      if (isBroken && request.url!.endsWith('golden.json')) {
        return void response.writeHead(200, { 'content-length': 1_000 }).write('half', () => response.destroy());
      }
      return files('', seen)(request, response);
    });
    const from = sources([`http://${host}/tiny/3`]);
    expect(await from.refresh()).toEqual([expect.stringMatching(/golden\.json: could not be read/)]);
    expect(await readdir(join(from.directory))).toEqual([]);
    isBroken = false;
    seen.length = 0;
    await expectTiny(from);
    expect(seen).not.toContain('/tiny/3/model.onnx');
    expect(seen).toContain('/tiny/3/golden.json');
  });

  it('is refused when it is not what the manifest says, and leaves nothing behind', async () => {
    const host = await serve((request, response) =>
      request.url!.endsWith('model.onnx') ? void response.end('another') : files()(request, response),
    );
    const from = sources([`http://${host}/tiny`]);
    expect(await from.refresh()).toEqual([
      expect.stringMatching(
        /^http:\/\/.*\/tiny\/3\/model\.onnx: has SHA-256 [0-9a-f]{64}, but the manifest says [0-9a-f]{64}\. The version is not used/,
      ),
    ]);
    expect(await readdir(from.directory)).toEqual([]);
  });

  it('is cut off when it is longer than the manifest says', async () => {
    const host = await serve(async (request, response) => {
      if (!request.url!.endsWith('model.onnx')) return files()(request, response);
      while (!response.destroyed) {
        response.write(Buffer.alloc(65_536));
        await new Promise(setImmediate);
      }
    });
    expect(await sources([`http://${host}/tiny`]).refresh()).toEqual([
      expect.stringMatching(/model\.onnx: is longer than the \d+ bytes of its manifest/),
    ]);
  });

  it('is refused when a version has changed at its source', async () => {
    let extra = '';
    const host = await serve(async (request, response) => {
      if (!request.url!.endsWith('manifest.json')) return files()(request, response);
      response.end((await readFile(join(remote, 'tiny/3/manifest.json'), 'utf8')) + extra);
    });
    const from = sources([`http://${host}/tiny`]);
    await expectTiny(from);
    extra = '\n';
    expect(await from.refresh()).toEqual([expect.stringMatching(/differs from what was fetched before/)]);
  });

  it('is fetched by several workers at once without harm', async () => {
    const url = `http://${await serve(files())}/tiny`;
    const cache = join(folder, 'shared');
    const workers = Array.from({ length: 4 }, () => sources([url], { cache }));
    expect(await Promise.all(workers.map((worker) => worker.refresh()))).toEqual([[], [], [], []]);
    await expectTiny(workers[0]);
    expect((await readdir(join(workers[0].directory, 'tiny'))).sort()).toEqual(['3', 'aliases.json']);
  });
});
