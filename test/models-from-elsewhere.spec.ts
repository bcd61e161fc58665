import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { adder, HostedWorkspace, identity, temporaryFolder, writeTinyBundle } from '#testing';
import { ServerProcess } from './helper/server-process.js';

afterEach(() => ServerProcess.killAll());

describe('ONNX models from elsewhere', () => {
  const workspace = new HostedWorkspace();

  it('are imported, listed, and served beside the default model', async () => {
    for (const [name, bytes] of [
      ['simple', adder()],
      ['simple_identity', identity()],
    ] as const) {
      writeFileSync(join(workspace.root, `${name}.onnx`), bytes);
      const { code, stdout } = await workspace.run('import', `${name}.onnx`, '--name', name);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`models/${name}/1 written.\nIt takes INPUT0 `)]);
      expect(stdout).toContain(
        `Version 1 is the champion. It takes tensors, so POST /v2/models/${name}/infer asks it; POST /predict takes rows and cannot.`,
      );
    }
    expect(await workspace.json('models', 'list')).toMatchObject([
      { model: 'random_forest', version: '1', alias: 'champion', algorithm: 'random_forest', test_accuracy: 0.995 },
      { model: 'simple', version: '1', alias: 'champion', algorithm: 'onnx', test_accuracy: null },
      { model: 'simple_identity', version: '1', alias: 'champion', algorithm: 'onnx', test_accuracy: null },
    ]);

    const server = await ServerProcess.ready([], { MODELS_DIR: join(workspace.root, 'models') });
    const texts = Array.from({ length: 16 }, (_, i) => `text ${i}`);
    const tensor = (name: string) => ({ name, datatype: 'BYTES', shape: [1, 16], data: texts });
    const body = JSON.stringify({ inputs: [tensor('INPUT0')] });
    const { status, text } = await server.ask('/v2/models/simple_identity/infer', { body });
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { model_name: 'simple_identity', model_version: '1', outputs: [tensor('OUTPUT0')] },
    ]);
    expect(JSON.parse((await server.ask('/health')).text)).toMatchObject({ model_algorithm: 'random_forest' });
  });
});

describe('A model from elsewhere, where servers ask for signatures', () => {
  const workspace = new HostedWorkspace();

  it('is the champion once it is signed, and not before', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const file = (name: string): string => join(workspace.root, name);
    writeFileSync(file('public.pem'), publicKey.export({ format: 'pem', type: 'spki' }));
    writeFileSync(file('private.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(file('simple.onnx'), adder());
    const settings = ['--set', `models.publicKey=${file('public.pem')}`];
    const bring = ['import', 'simple.onnx', '--name', 'simple'];

    const { code, stdout } = await workspace.run(...bring, ...settings);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^models\/simple\/1 written\.\n.*\nIt becomes the champion once it is signed.*sign simple 1/s,
      ),
    ]);
    expect(stdout).not.toContain('serves it');
    expect(readdirSync(file('models/simple'))).toEqual(['1']);

    for (const command of [
      ['sign', 'simple', '1', '--key', file('private.pem')],
      ['promote', 'simple', '1'],
    ]) {
      expect(await workspace.run('models', ...command, ...settings)).toMatchObject({ code: 0 });
    }
    expect(await workspace.json(...bring, '--champion', ...settings)).toMatchObject({
      version: '2',
      champion: '1',
      waitsForSignature: true,
    });
    expect(JSON.parse(readFileSync(file('models/simple/aliases.json'), 'utf8'))).toEqual({ champion: '1' });
    expect(await workspace.run('models', 'promote', 'simple', '2', ...settings)).toMatchObject({ code: 2 });

    const keyless = await workspace.run(...bring, '--set', 'models.publicKey=/nowhere.pem');
    expect([keyless.code, keyless.stderr]).toEqual([2, expect.stringContaining('/nowhere.pem')]);
    expect(readdirSync(file('models/simple')).sort()).toEqual(['1', '2', 'aliases.json', 'history.jsonl']);
  });
});

describe('Models behind a web server', () => {
  const folder = temporaryFolder();
  let store: Server;

  beforeAll(async () => {
    await writeTinyBundle(folder);
    store = createServer((request, response) => {
      const isKnown = request.headers.authorization === `Basic ${Buffer.from('me:hidden').toString('base64')}`;
      readFile(join(folder, request.url!)).then(
        (bytes) => response.writeHead(isKnown ? 200 : 401).end(bytes),
        () => response.writeHead(404).end(),
      );
    }).listen(0, '127.0.0.1');
    await once(store, 'listening');
  });
  afterAll(() => store.close());

  it('serve, follow their champion, serve on while it is away, and no credential is logged', async () => {
    const host = `127.0.0.1:${(store.address() as AddressInfo).port}`;
    const environment = {
      MODELS_SOURCE: `http://me:hidden@${host}/tiny`,
      MODELS_ALLOWED_HOSTS: '127.0.0.1',
      MODELS_CACHE: join(folder, 'cache'),
      MODELS_SOURCE_SECONDS: '0.1',
      MODELS_WATCH_SECONDS: '0.1',
    };
    const server = await ServerProcess.ready([], environment);
    const version = async (): Promise<string> =>
      (JSON.parse((await server.ask('/model/info')).text) as { version: string }).version;
    expect(await version()).toBe('1');
    await writeTinyBundle(folder, { version: '2' });
    await server.until(async () => (await version()) === '2');
    store.closeAllConnections();
    await new Promise((resolve) => store.close(resolve));
    // The connection may close in the middle of a version; the next poll begins with the aliases.
    const ready = await server.until(async () => {
      const { status, text } = await server.ask('/health/ready');
      return text.includes(`http://${host}/tiny/aliases.json: could not be read`) && { status, text };
    });
    expect([ready.status, ready.text]).toEqual([200, expect.stringContaining('"degraded"')]);

    server.signal('SIGTERM');
    await server.ended;
    const again = await ServerProcess.ready([], environment);
    expect(JSON.parse((await again.ask('/model/info')).text)).toMatchObject({ name: 'tiny', version: '2' });
    for (const { stdout, stderr } of [server, again]) expect(stdout + stderr).not.toMatch(/hidden|bWU6/);
  });
});
