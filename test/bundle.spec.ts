import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { EXAMPLE, portOf, temporaryFolder, until, writeTinyBundle, zippedWithData } from '#testing';
import { grpcClient } from './helper/grpc-client.js';
import { ServerProcess } from './helper/server-process.js';

/** The texts of built files and of all that they import at once. */
function filesLoadedBy(...names: readonly string[]): string[] {
  const loaded = new Map<string, string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    const text = readFileSync(join('dist/api', name), 'utf8');
    loaded.set(name, text);
    for (const [, next] of text.matchAll(/(?:from|import) ?"\.\/([^"]+)"/g)) load(next);
  };
  names.forEach(load);
  return [...loaded.values()];
}

/** What the bundled server loads only when it is asked for it, or finds beside its sources. */
describe('The bundled server', () => {
  const store = temporaryFolder();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await ServerProcess.ready([], {
      RATE_LIMIT_REQUESTS: '1000',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    });
  });
  afterAll(() => ServerProcess.killAll());

  const batch = async (type: string, body: string | Uint8Array): Promise<[number, string | null]> => {
    const url = `http://127.0.0.1:${server.port}/predict/batch`;
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: body as string });
    return [answer.status, answer.headers.get('content-type')];
  };

  it('describes itself as the sources do', async () => {
    const { text } = await server.ask('/openapi.json');
    expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync('openapi.json', 'utf8')));
  });

  it.each(['/docs/', '/redoc', '/redoc/redoc.standalone.js', '/docs/swagger-ui-bundle.js', '/metrics'])(
    'serves %s',
    async (path) => {
      expect((await server.ask(path)).status).toBe(200);
    },
  );

  it('predicts within a rate limit', async () => {
    const { status, headers } = await server.ask('/predict', { body: JSON.stringify(EXAMPLE) });
    expect([status, headers.ratelimit]).toEqual([200, expect.stringMatching(/^"default";r=99\d;t=\d+$/)]);
  });

  it('reads CSV and Arrow', async () => {
    const csv = `${Object.keys(EXAMPLE).join()}\n${Object.values(EXAMPLE).join()}`;
    const columns = Object.fromEntries(Object.entries(EXAMPLE).map(([name, value]) => [name, [value]]));
    expect(await batch('text/csv', csv)).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    const arrow = 'application/vnd.apache.arrow.stream';
    expect(await batch(arrow, tableToIPC(tableFromArrays(columns), 'stream'))).toEqual([200, arrow]);
  });

  it('takes labels in the thread that keeps predictions', async () => {
    const watched = await ServerProcess.ready([], { MONITOR_ENABLED: 'true', MONITOR_STORE: store });
    const { text } = await watched.ask('/predict', { body: JSON.stringify(EXAMPLE) });
    const { prediction_id } = JSON.parse(text) as { prediction_id: string };
    const body = JSON.stringify({ labels: [{ prediction_id, label: 1 }] });
    // Unknown until its record is written.
    await until(async () => {
      const answer = await watched.ask('/feedback', { body });
      expect(answer.status).toBe(200);
      return (JSON.parse(answer.text) as { accepted: number }).accepted === 1;
    });
  });

  it('loads in that thread nothing that it does not use, as it would be in memory twice', () => {
    const all = filesLoadedBy('monitor-log.js').join('\n');
    expect(
      ['node_modules/rxjs', 'node_modules/ajv', 'reflect-metadata', '@nestjs'].filter((one) => all.includes(one)),
    ).toEqual([]);
    expect(all.length).toBeLessThan(250_000);
  });

  it('loads no parsers of bodies and uploads, no gRPC, and each file as one byte a character', () => {
    const main = readFileSync('dist/api/main.js', 'utf8');
    const [, start] = /import\("\.\/(start-[^"]+)"\)/.exec(main)!;
    const [, serve] = /import\("\.\/(serve-[^"]+)"\)/.exec(readFileSync(join('dist/api', start), 'utf8'))!;
    const loaded = filesLoadedBy('main.js', start, serve);
    const all = loaded.join('\n');
    expect(all).toContain('node_modules/express/');
    const packages = [
      'body-parser',
      'iconv-lite',
      'libphonenumber-js',
      'multer',
      'qs',
      'rxjs/dist/cjs',
      'validator/lib',
    ];
    expect(packages.filter((one) => all.includes(`node_modules/${one}/`))).toEqual([]);
    expect(['country_calling_codes', 'application/vnd.nintendo'].filter((text) => all.includes(text))).toEqual([]);
    expect(loaded.flatMap((text) => /(?:from|import) ?"@grpc/.exec(text)?.[0] ?? [])).toEqual([]);
    expect(loaded.flatMap((text) => /[^\0-\xff]/.exec(text)?.[0] ?? [])).toEqual([]);
  });

  describe('fetches models', () => {
    const models = temporaryFolder();
    const cache = temporaryFolder();
    const artifacts = { MLmodel: 'flavors:\n  onnx:\n    data: model.onnx\n', 'model.onnx': zippedWithData('weights') };
    const weights = Buffer.from(Float32Array.of(1, 2, 3).buffer);
    let remote: Server;
    beforeAll(async () => {
      await writeTinyBundle(models);
      const files = new Map<string, string | Uint8Array>(Object.entries({ ...artifacts, weights }));
      remote = createServer(({ url }, response) => {
        const { pathname } = new URL(url!, 'http://here');
        if (pathname.endsWith('alias')) return void response.end('{"model_version":{"version":"1"}}');
        if (pathname.endsWith('uri')) return void response.end('{"artifact_uri":"mlflow-artifacts:/1/run/model"}');
        const inBucket = /^\/bucket\/(.+)/.exec(pathname)?.[1];
        const path = inBucket && join(models, inBucket);
        const bytes = path
          ? existsSync(path) && readFileSync(path)
          : files.get(/1\/run\/model\/(.+)/.exec(pathname)?.[1] ?? '');
        response.statusCode = bytes ? 200 : 404;
        response.end(bytes || '<Error><Code>NoSuchKey</Code></Error>');
      }).listen(0, '127.0.0.1');
      await once(remote, 'listening');
    });
    afterAll(() => remote.close());

    const from = async (source: string, name: string): Promise<object> => {
      const url = `http://127.0.0.1:${portOf(remote)}`;
      const fetching = await ServerProcess.ready([], {
        MODELS_SOURCE: source,
        MODELS_CACHE: join(cache, name),
        MODELS_S3_ENDPOINT: url,
        MLFLOW_TRACKING_URI: url,
        MODELS_ALLOWED_HOSTS: '127.0.0.1',
        DEFAULT_MODEL: name,
        AWS_ACCESS_KEY_ID: 'id',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_REGION: 'us-east-1',
      });
      return JSON.parse((await fetching.ask(`/v2/models/${name}`)).text) as object;
    };

    it('from S3', async () => expect(await from('s3://bucket/tiny', 'tiny')).toMatchObject({ versions: ['1'] }));

    it('from MLflow, whose graph takes reading', async () => {
      const outputs = [{ name: 'maps', datatype: 'FP32', shape: [-1, 3] }];
      expect(await from('mlflow://iris@champion', 'iris')).toMatchObject({ versions: ['1'], outputs });
    });
  });

  it('answers gRPC', async () => {
    const line = await server.until(() => server.lines.find(({ msg }) => msg.startsWith('gRPC listens on port')));
    const client = grpcClient(Number(/\d+$/.exec(line.msg)![0]));
    const { status, message } = await client.call('ServerLive');
    expect([status, message]).toEqual(['OK', { live: true }]);
    client.close();
  });
});
