import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { adder, identity, temporaryFolder, writeTinyBundle, zippedWithData } from '#testing';
import { readAliases, readAnyBundle, signBundle, type TensorBundle } from '#bundle';
import { TensorModel } from '#runtime';
import { ModelSources } from './model-sources.js';
import type { SourceOptions } from './source-options.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const folder = temporaryFolder();
const remote = join(folder, 'remote');
const servers: Server[] = [];
let caches = 0;

beforeAll(() => writeTinyBundle(remote, { version: '3' }));
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on this machine. @returns its host and port */
async function serve(answer: Answer): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with the files of the remote folder. @param strip what its paths begin with */
const files =
  (strip = '', seen: string[] = []): Answer =>
  async ({ url }, response) => {
    seen.push(url!);
    const bytes = await readFile(join(remote, url!.split('?')[0].slice(strip.length))).catch(() => undefined);
    response.statusCode = bytes ? 200 : 404;
    response.end(bytes);
  };

const sources = (urls: string[], options: Partial<SourceOptions> = {}): ModelSources =>
  new ModelSources({
    urls,
    cache: join(folder, `cache-${++caches}`),
    allowedHosts: ['127.0.0.1'],
    seconds: 0,
    ...options,
  });

async function expectTiny(from: ModelSources): Promise<void> {
  expect(await from.refresh()).toEqual([]);
  expect(await readdir(from.directory)).toEqual(['tiny']);
  expect(await readAliases(from.directory, 'tiny')).toEqual({ champion: '3' });
  const { manifest } = await readAnyBundle(join(from.directory, 'tiny', '3'));
  expect([manifest.name, manifest.version]).toEqual(['tiny', '3']);
}

describe('Models come from', () => {
  it('a folder, by their aliases', async () => {
    await expectTiny(sources([pathToFileURL(join(remote, 'tiny')).href]));
  });

  it('a folder, none of whose files is a pipe, which nobody waits for', async () => {
    const pipes = join(folder, 'pipes');
    await mkdir(pipes);
    const pipe = join(pipes, 'aliases.json');
    execFileSync('mkfifo', [pipe]);
    expect(await sources([pathToFileURL(pipes).href]).refresh()).toEqual([
      `${pipe}: is not a regular file. Put a file there that this process may read.`,
    ]);
  });

  it('a folder, one version alone', async () => {
    await expectTiny(sources([pathToFileURL(join(remote, 'tiny', '3')).href]));
  });

  it('a web server, with the user and password of the URL', async () => {
    const asked = new Set<string | undefined>();
    const host = await serve((request, response) => {
      asked.add(request.headers.authorization);
      return files('/all')(request, response);
    });
    await expectTiny(sources([`http://me:s%3Fcret@${host}/all/tiny`]));
    expect([...asked]).toEqual([`Basic ${Buffer.from('me:s?cret').toString('base64')}`]);
  });

  it('an S3-compatible store, signed', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMI';
    process.env.AWS_REGION = 'us-east-1';
    const signatures: (string | undefined)[] = [];
    const host = await serve(async (request, response) => {
      signatures.push(request.headers.authorization);
      if (!request.url!.startsWith('/bucket/models/')) response.writeHead(400).end();
      else await files('/bucket/models/')(request, response);
    });
    await expectTiny(sources(['s3://bucket/models/tiny'], { s3Endpoint: `http://${host}` }));
    expect(signatures).toHaveLength(6);
    for (const signature of signatures) expect(signature).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
  });

  it.each([
    ['NoSuchKey', 404, 'does not exist. Put it there'],
    ['AccessDenied', 403, 'could not be read (Told so)'],
  ])('an S3-compatible store, which answers %s', async (code, status, words) => {
    const host = await serve((_, response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${code}</Code><Message>Told so</Message></Error>`);
    });
    const failures = await sources(['s3://bucket/tiny'], { s3Endpoint: `http://${host}` }).refresh();
    expect(failures).toEqual([expect.stringContaining(`s3://bucket/tiny/aliases.json: ${words}`)]);
  });

  it("an MLflow server: the bundle that lies beside the model's own files", async () => {
    const host = await serve((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://here');
      if (pathname === '/api/2.0/mlflow/registered-models/alias') {
        expect([searchParams.get('name'), searchParams.get('alias')]).toEqual(['parcels', 'champion']);
        return void response.end(JSON.stringify({ model_version: { name: 'parcels', version: '12' } }));
      }
      if (pathname === '/api/2.0/mlflow/model-versions/get-download-uri') {
        expect([searchParams.get('name'), searchParams.get('version')]).toEqual(['parcels', '12']);
        return void response.end(JSON.stringify({ artifact_uri: 'mlflow-artifacts:/0/run/artifacts/model' }));
      }
      request.url = request.url!.replace('/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/bundle', '/tiny/3');
      return files()(request, response);
    });
    await expectTiny(sources(['mlflow://parcels@champion'], { mlflowUri: `http://${host}` }));
  });

  it('an MLflow server that has no such alias, which it answers with 400', async () => {
    const host = await serve((_, response) => {
      response
        .writeHead(400)
        .end('{"error_code":"INVALID_PARAMETER_VALUE","message":"Registered model alias nobody not found."}');
    });
    const failures = await sources(['mlflow://parcels@nobody'], { mlflowUri: `http://${host}` }).refresh();
    expect(failures).toEqual([
      expect.stringContaining('mlflow://parcels@nobody: does not exist. Set the alias in MLflow'),
    ]);
  });

  it('an MLflow server: the ONNX model that MLflow wrote, without a pipeline', async () => {
    const artifacts: Record<string, string | Uint8Array> = {
      '/MLmodel': 'flavors:\n  onnx:\n    data: model.onnx\n',
      '/model.onnx': adder(),
    };
    const host = await serve(({ url }, response) => {
      if (url!.includes('get-download-uri')) {
        return void response.end(JSON.stringify({ artifact_uri: 'mlflow-artifacts:/0/run/artifacts/model' }));
      }
      const bytes = artifacts[url!.replace('/api/2.0/mlflow-artifacts/artifacts/0/run/artifacts/model', '')];
      response.statusCode = bytes ? 200 : 404;
      response.end(bytes);
    });
    const from = sources(['mlflow://adder/5'], { mlflowUri: `http://${host}` });
    for (let times = 0; times < 2; times++) expect(await from.refresh()).toEqual([]);
    expect(await readAliases(from.directory, 'adder')).toEqual({ champion: '5' });
    const { manifest, model } = await readAnyBundle(join(from.directory, 'adder', '5'));
    expect(manifest.lineage).toEqual({ source: 'mlflow://adder/5' });
    expect(Buffer.from(model).equals(adder())).toBe(true);
  });
});

/** What an MLflow server tells of one version, and its artifacts by path. */
interface Registered {
  readonly version: string;
  readonly run_id?: string;
  readonly creation_timestamp?: number;
  readonly artifacts: Readonly<Record<string, string | Uint8Array>>;
}

const ONNX = 'flavors:\n  onnx:\n    data: model.onnx\n';

/** An MLflow server of one model. @param seen the paths it was asked for, decoded */
function mlflow(registered: () => Registered, seen: string[] = []): Promise<string> {
  return serve(({ url }, response) => {
    const { pathname, searchParams } = new URL(url!, 'http://here');
    seen.push(`${pathname}${[...searchParams.values()].map((value) => ` ${value}`).join('')}`);
    const { artifacts, ...told } = registered();
    const folder = '/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/model/';
    if (/registered-models\/alias$|model-versions\/get$/.test(pathname)) {
      return void response.end(JSON.stringify({ model_version: told }));
    }
    if (pathname.endsWith('get-download-uri')) {
      return void response.end(JSON.stringify({ artifact_uri: 'mlflow-artifacts:/1/run/artifacts/model' }));
    }
    const bytes = pathname.startsWith(folder) ? artifacts[pathname.slice(folder.length)] : undefined;
    response.statusCode = bytes === undefined ? 404 : 200;
    response.end(bytes);
  });
}

describe('From an MLflow server', () => {
  it.each([
    [
      'mlflow://adder@champion',
      '../../victim',
      'mlflow://adder@champion: was answered with the version "../../victim"',
    ],
    ['mlflow://adder@champion', '0', 'mlflow://adder@champion: was answered with the version "0"'],
    ['mlflow://adder/5', '6', 'mlflow://adder/5: was answered with the version "6"'],
  ])('of %s no version is taken that could be a path or is another: %s', async (url, version, failure) => {
    const host = await mlflow(() => ({ version, artifacts: { MLmodel: ONNX, 'model.onnx': adder() } }));
    const from = sources([url], { mlflowUri: `http://${host}` });
    expect(await from.refresh()).toEqual([expect.stringContaining(failure)]);
    expect(await readdir(from.directory)).toEqual([]);
  });

  it('the name is the one that was asked for, whatever is answered', async () => {
    const told = { name: '../../../victim', version: '1', artifacts: { MLmodel: ONNX, 'model.onnx': adder() } };
    const from = sources(['mlflow://adder@champion'], { mlflowUri: `http://${await mlflow(() => told)}` });
    expect(await from.refresh()).toEqual([]);
    expect(await readdir(from.directory)).toEqual(['adder']);
  });

  it('a name with blanks serves under one that can be a folder', async () => {
    const seen: string[] = [];
    const host = await mlflow(() => ({ version: '2', artifacts: { MLmodel: ONNX, 'model.onnx': adder() } }), seen);
    const from = sources(['mlflow://Wine%20Quality%20(v2)@best%20one'], { mlflowUri: `http://${host}` });
    for (let times = 0; times < 2; times++) expect(await from.refresh()).toEqual([]);
    expect(seen[0]).toBe('/api/2.0/mlflow/registered-models/alias Wine Quality (v2) best one');
    expect(seen.filter((path) => path.endsWith('/model.onnx'))).toHaveLength(1);
    expect(await readdir(from.directory)).toEqual(['Wine_Quality_v2_']);
    const { manifest } = await readAnyBundle(join(from.directory, 'Wine_Quality_v2_', '2'));
    expect(manifest.lineage).toEqual({ source: 'mlflow://Wine Quality (v2)/2' });
  });

  it('a version that was deleted and made again under its number is fetched again, once', async () => {
    let told: Registered = {
      ...{ version: '1', run_id: 'a', creation_timestamp: 1 },
      artifacts: { MLmodel: ONNX, 'model.onnx': adder() },
    };
    const seen: string[] = [];
    const from = sources(['mlflow://adder@champion'], { mlflowUri: `http://${await mlflow(() => told, seen)}` });
    const served = async () => readAnyBundle(join(from.directory, 'adder', '1'));
    expect(await from.refresh()).toEqual([]);
    expect(Buffer.from((await served()).model).equals(adder())).toBe(true);
    told = { ...told, run_id: 'b', creation_timestamp: 2, artifacts: { MLmodel: ONNX, 'model.onnx': identity() } };
    for (let times = 0; times < 3; times++) expect(await from.refresh()).toEqual([]);
    const { manifest, model } = await served();
    expect(Buffer.from(model).equals(identity())).toBe(true);
    expect(manifest.lineage).toEqual({ source: 'mlflow://adder/1', run_id: 'b', created: 2 });
    expect(seen.filter((path) => path.endsWith('/model.onnx'))).toHaveLength(2);
    expect((await readdir(join(from.directory, 'adder'))).sort()).toEqual(['1', 'aliases.json']);
  });

  it('ZipMap and data in a file beside the model, as MLflow writes them, become one file of tensors', async () => {
    const artifacts = {
      MLmodel: 'flavors:\n  onnx:\n    data: sub/model.onnx\n',
      'sub/model.onnx': zippedWithData('weights'),
      'sub/weights': Buffer.from(Float32Array.of(1, 2, 3).buffer),
    };
    const host = await mlflow(() => ({ version: '1', artifacts }));
    const from = sources(['mlflow://iris@champion'], { mlflowUri: `http://${host}` });
    expect(await from.refresh()).toEqual([]);
    const bundle = (await readAnyBundle(join(from.directory, 'iris', '1'))) as TensorBundle;
    const model = await TensorModel.open(bundle, { threads: 1, maxPendingRows: 1 });
    const scores = { name: 'scores', datatype: 'FP32', shape: [1, 3], data: Float32Array.of(10, 20, 30) } as const;
    const [answer] = await model.infer([scores]);
    await model.close();
    expect([answer.shape, answer.data]).toEqual([[1, 3], Float32Array.of(11, 22, 33)]);
  });

  it('a file is asked for by its plain name only', async () => {
    const seen: string[] = [];
    const artifacts = { MLmodel: ONNX, 'model.onnx': zippedWithData('../../secrets') };
    const host = await mlflow(() => ({ version: '1', artifacts }), seen);
    const [failure] = await sources(['mlflow://iris@champion'], { mlflowUri: `http://${host}` }).refresh();
    expect(failure).toContain('keeps the data of its tensor "weights" in another file, "../../secrets", which is not');
    expect(seen.at(-1)).toMatch(/\/model\.onnx$/);
  });

  it.each(['', '/model.onnx', 'a/../../model.onnx', './model.onnx'])('no model is taken from %j', async (data) => {
    const artifacts = { MLmodel: `flavors:\n  onnx:\n    data: ${JSON.stringify(data)}\n` };
    const host = await mlflow(() => ({ version: '1', artifacts }));
    const failures = await sources(['mlflow://iris@champion'], { mlflowUri: `http://${host}` }).refresh();
    expect(failures).toEqual([expect.stringContaining('/model/MLmodel: is no ONNX model.')]);
  });

  it('what stands in a path stays in it', async () => {
    const seen: string[] = [];
    const artifacts = { MLmodel: `flavors:\n  onnx:\n    data: ${JSON.stringify('..\\%2e%2e\\x?y#z')}\n` };
    const host = await mlflow(() => ({ version: '1', artifacts }), seen);
    await sources(['mlflow://iris@champion'], { mlflowUri: `http://${host}` }).refresh();
    expect(seen.at(-1)).toMatch(/\/model\/\.\.%5C%252e%252e%5Cx%3Fy%23z$/);
  });

  it('an answer without an end is cut off', async () => {
    let written = 0;
    const host = await serve(async (_, response) => {
      response.write('{"a":"');
      for (; !response.destroyed; written++) {
        response.write(Buffer.alloc(65_536, 'a'));
        await new Promise(setImmediate);
      }
    });
    expect(await sources(['mlflow://adder@champion'], { mlflowUri: `http://${host}` }).refresh()).toEqual([
      `http://${host}/api/2.0/mlflow/registered-models/alias: is over 4194304 bytes. Look at what lies there.`,
    ]);
    expect(written).toBeLessThan(1_000);
  });
});

describe('Several sources', () => {
  it('are read at once: one that never ends keeps none waiting', async () => {
    const silent = await serve((_, response) => void response.write('{'));
    const host = await serve(files());
    const from = sources([`http://${silent}/slow`, `http://${host}/tiny`]);
    const ended = new Promise<void>((resolve) => void from.refresh(resolve));
    await ended;
    expect([await readdir(from.directory), from.isReading, from.failures]).toEqual([['tiny'], true, []]);
    from.close();
  });

  it('may not give the same model, and the first one does, whichever is faster', async () => {
    const host = await serve(async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return files()(request, response);
    });
    const from = sources([`http://${host}/tiny`, pathToFileURL(join(remote, 'tiny')).href]);
    expect(await from.refresh()).toEqual([
      'The model "tiny": comes from two sources. Name each model once in MODELS_SOURCE, or models.source in config/config.yaml.',
    ]);
    expect(await readdir(from.directory)).toEqual(['tiny']);
  });
});

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
        /^http:\/\/.*\/tiny\/3\/model\.onnx: has SHA-256 [0-9a-f]{64}, the manifest expects [0-9a-f]{64}\. It is not used/,
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

describe('Nothing is asked', () => {
  it('of a host that is not configured', async () => {
    const seen: string[] = [];
    const host = await serve(files('', seen));
    for (const allowedHosts of [[], ['example.org'], ['127.0.0.1:1'], ['*.0.0.1.example']]) {
      const failures = [
        ...(await sources([`http://${host}/tiny`], { allowedHosts }).refresh()),
        ...(await sources(['s3://bucket/tiny'], { allowedHosts, s3Endpoint: `http://${host}` }).refresh()),
        ...(await sources(['mlflow://a@b'], { allowedHosts, mlflowUri: `http://${host}` }).refresh()),
      ];
      expect(failures).toEqual(
        Array(3).fill(
          `${host}: is not a host that models may come from. Name it in MODELS_ALLOWED_HOSTS, or models.allowedHosts in config/config.yaml.`,
        ),
      );
    }
    expect(seen).toEqual([]);
  });

  it('of one that another leads to, and credentials go no further', async () => {
    const asked: IncomingMessage[] = [];
    const other = await serve((request, response) => {
      asked.push(request);
      return files()(request, response);
    });
    const host = await serve(
      ({ url }, response) => void response.writeHead(302, { location: `http://${other}${url}` }).end(),
    );
    const url = `http://user:hidden@${host}/tiny`;
    expect(await sources([url], { allowedHosts: [host] }).refresh()).toEqual([
      expect.stringContaining(`${other}: is not a host that models may come from`),
    ]);
    expect(asked).toEqual([]);
    await expectTiny(sources([url], { allowedHosts: [host, other] }));
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(asked.map(() => undefined));
  });

  it.each([
    ['ftp://host/tiny', 'ftp://host/tiny: is not file://, s3://, http://, https:// or mlflow://'],
    ['tiny', 'The source: is no URL'],
    ['http://127.0.0.1/', 'http://127.0.0.1/: names no model'],
    ['mlflow://user:hidden@host/name', 'The source: is not mlflow://name@alias or mlflow://name/version'],
    ['mlflow://%zz@champion', 'The source: has "%zz" in it, which is not percent-encoded'],
    ['mlflow://%C3%A9@champion', 'The source: names the registered model "é", which has no letter'],
    ['http://127.0.0.1/..%2Fvictim', 'names the model "../victim"; letters, digits'],
    ['mlflow://tiny@champion', 'mlflow://tiny: names a model of no server'],
  ])('for %s', async (url, failure) => {
    const [message] = await sources([url]).refresh();
    expect(message).toContain(failure);
    expect(message).not.toContain('hidden');
  });
});

it('What an earlier configuration named does not serve on', async () => {
  const cache = join(folder, 'changed');
  await writeTinyBundle(remote, { name: 'other' });
  const urls = ['tiny', 'other'].map((name) => pathToFileURL(join(remote, name)).href);
  await expectTiny(sources([urls[0]], { cache }));
  const other = sources([urls[1]], { cache });
  expect(await other.refresh()).toEqual([]);
  expect(await readdir(other.directory)).toEqual(['other']);
  await rm(join(remote, 'other'), { recursive: true });
});
