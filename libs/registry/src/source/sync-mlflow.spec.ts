import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readAliases, readAnyBundle, type TensorBundle } from '#bundle';
import { TensorModel } from '#runtime';
import { adder, identity, zippedWithData } from '#testing';
import { expectTiny, files, serve, sources } from './testing/remote-models.js';

describe('Models come from', () => {
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

/** A version in an MLflow server's responses, and its artifacts by path. */
interface Registered {
  readonly version: string;
  readonly run_id?: string;
  readonly creation_timestamp?: number;
  readonly artifacts: Readonly<Record<string, string | Uint8Array>>;
}

const ONNX = 'flavors:\n  onnx:\n    data: model.onnx\n';

/** An MLflow server with one model. @param seen receives the requested paths, decoded */
function mlflow(registered: () => Registered, seen: string[] = []): Promise<string> {
  return serve(({ url }, response) => {
    const { pathname, searchParams } = new URL(url!, 'http://here');
    seen.push(`${pathname}${[...searchParams.values()].map((value) => ` ${value}`).join('')}`);
    const { artifacts, ...version } = registered();
    const folder = '/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/model/';
    if (/registered-models\/alias$|model-versions\/get$/.test(pathname)) {
      return void response.end(JSON.stringify({ model_version: version }));
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
    const registered = { name: '../../../victim', version: '1', artifacts: { MLmodel: ONNX, 'model.onnx': adder() } };
    const from = sources(['mlflow://adder@champion'], { mlflowUri: `http://${await mlflow(() => registered)}` });
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
    let registered: Registered = {
      ...{ version: '1', run_id: 'a', creation_timestamp: 1 },
      artifacts: { MLmodel: ONNX, 'model.onnx': adder() },
    };
    const seen: string[] = [];
    const from = sources(['mlflow://adder@champion'], { mlflowUri: `http://${await mlflow(() => registered, seen)}` });
    const served = async () => readAnyBundle(join(from.directory, 'adder', '1'));
    expect(await from.refresh()).toEqual([]);
    expect(Buffer.from((await served()).model).equals(adder())).toBe(true);
    registered = {
      ...registered,
      run_id: 'b',
      creation_timestamp: 2,
      artifacts: { MLmodel: ONNX, 'model.onnx': identity() },
    };
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
    expect(failures).toEqual([expect.stringContaining('/model/MLmodel: is not an ONNX model.')]);
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
      `http://${host}/api/2.0/mlflow/registered-models/alias: is over 4194304 bytes. Check the file.`,
    ]);
    expect(written).toBeLessThan(1_000);
  });
});
