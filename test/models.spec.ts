import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ModelRegistry } from '#registry';
import { writeAliases } from '#bundle';
import { boot, type RunningApi } from './helper/boot.js';
import { adder, temporaryFolder, TINY_ROWS, writeForeignModel, writeTinyBundle } from '#testing';

const folder = temporaryFolder();
const tensorFolder = temporaryFolder();
let api: RunningApi;
beforeAll(async () => {
  for (const version of ['1', '2', '3']) await writeTinyBundle(folder, { name: 'parcels', version });
  await writeAliases(folder, 'parcels', { champion: '2', challenger: '1' });
  await writeTinyBundle(folder, { name: 'letters' });
  await writeForeignModel(folder, 'simple', adder());
  api = await boot({ MODELS_DIR: folder, DEFAULT_MODEL: 'letters' });
  await api.app.get(ModelRegistry).load();
});
afterAll(() => api.close());

const [ROW] = TINY_ROWS;
const problem = (type: string, status: number, detail: string) => [
  status,
  expect.objectContaining({ type: `urn:skewless:problem:${type}`, detail }),
];
const version = async (path: string): Promise<unknown> => {
  const { status, body } = await api.post(path, path.endsWith('batch') ? { instances: [ROW] } : ROW);
  return status === 200 ? (body.predictions?.[0] ?? body).model_version : [status, body];
};

describe('Many models over REST', () => {
  it('lists every version, with its aliases and whether it can answer', async () => {
    const listed = (version: string, status: string, ...aliases: string[]) => ({
      version,
      aliases,
      status,
      reason: null,
    });
    expect((await api.ask('/models')).body).toEqual({
      models: [
        { name: 'letters', versions: [listed('1', 'ready', 'champion')] },
        {
          name: 'parcels',
          versions: [listed('1', 'ready', 'challenger'), listed('2', 'ready', 'champion'), listed('3', 'unloaded')],
        },
        { name: 'simple', versions: [listed('1', 'ready', 'champion')] },
      ],
    });
  });

  it('predicts with the champion, a version or an alias of any model', async () => {
    for (const end of ['predict', 'predict/batch']) {
      expect(await version(`/${end}`)).toBe('letters:1');
      expect(await version(`/models/parcels/${end}`)).toBe('parcels:2');
      expect(await version(`/models/parcels/versions/1/${end}`)).toBe('parcels:1');
      expect(await version(`/models/parcels/versions/champion/${end}`)).toBe('parcels:2');
      expect(await version(`/models/parcels/versions/challenger/${end}`)).toBe('parcels:1');
    }
  });

  it('takes and gives the formats of a batch there too', async () => {
    const csv = 'weight_kg,distance_km,value_eur\n0,9000,\n';
    const headers = { 'content-type': 'text/csv', accept: 'application/x-ndjson' };
    const { status, text } = await api.post('/models/parcels/predict/batch', csv, headers);
    expect([status, JSON.parse(text)]).toEqual([
      200,
      expect.objectContaining({ prediction: 'air', probability: 0.875, model_version: 'parcels:2' }),
    ]);
    const lines = `${JSON.stringify(ROW)}\nnonsense\n`;
    const streamed = await api.post('/models/parcels/versions/1/predict/batch', lines, {
      'content-type': 'application/x-ndjson',
    });
    const [first, second] = streamed.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([first.model_version, second.error.line]).toEqual(['parcels:1', 2]);
  });

  it('checks an input against the schema of its own model', async () => {
    const { status, body } = await api.post('/models/parcels/predict', { ...ROW, weight_kg: -1 });
    expect([status, body.errors]).toEqual([
      422,
      [{ path: 'weight_kg', expected: 'a finite number from 0 to 1000', received: -1 }],
    ]);
  });

  it('says what there is when something is not', async () => {
    expect(await version('/models/none/predict')).toEqual(
      problem('model-not-found', 404, 'There is no model "none"; there are: letters, parcels, simple.'),
    );
    expect(await version('/models/parcels/versions/9/predict/batch')).toEqual(
      problem(
        'model-not-found',
        404,
        'Model "parcels" has no version or alias "9"; it has: 1, 2, 3, champion, challenger.',
      ),
    );
    expect(await version('/models/parcels/versions/3/predict')).toEqual(
      problem(
        'version-not-loaded',
        409,
        'Version 3 of parcels is not loaded, as no alias names it: set models.load to all (MODELS_LOAD=all), or make it the champion with npx skewless models promote parcels 3.',
      ),
    );
    expect(await version('/models/simple/predict')).toEqual(
      problem(
        'no-pipeline',
        409,
        'The model simple has no pipeline: it takes tensors, not rows. Use POST /v2/models/simple/infer.',
      ),
    );
  });

  it('tells about each', async () => {
    expect((await api.ask('/models/parcels')).body).toMatchObject({ name: 'parcels', version: '2', n_features: 4 });
    expect((await api.ask('/models/parcels/versions/1')).body).toMatchObject({ name: 'parcels', version: '1' });
    expect((await api.ask('/models/simple')).body).toEqual({
      name: 'simple',
      version: '1',
      description: null,
      engine: 'onnxruntime',
      engine_reason: 'No kernel computes this model, so ONNX Runtime does: it takes 2 inputs',
      timestamp: null,
      inputs: ['INPUT0', 'INPUT1'].map((name) => ({ name, datatype: 'INT32', shape: [-1, 16] })),
      outputs: ['OUTPUT0', 'OUTPUT1'].map((name) => ({ name, datatype: 'INT32', shape: [-1, 16] })),
      sha256: { 'model.onnx': expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      labels: 'model',
      proof: { rows: 0, answered_by: null, says: 'The model was not compared with its source.' },
    });
    expect((await api.ask('/models/none')).status).toBe(404);
  });

  it('says which row of which model overflows', async () => {
    const overflow = { ...ROW, value_eur: 1e300 };
    for (const [path, body, at] of [
      ['/models/parcels/predict', overflow, 'value_eur'],
      ['/models/parcels/versions/1/predict/batch', { instances: [ROW, overflow] }, 'instances[1].value_eur'],
    ] as const) {
      const answer = await api.post(path, body);
      expect([answer.status, answer.body.errors[0].path, answer.body.instance]).toEqual([422, at, path]);
    }
  });

  it('answers tensors where rows would not do', async () => {
    const input = (name: string, value: number) => ({
      name,
      datatype: 'INT32',
      shape: [1, 16],
      data: Array(16).fill(value),
    });
    const { status, body } = await api.post('/v2/models/simple/infer', {
      inputs: [input('INPUT0', 5), input('INPUT1', 3)],
      outputs: [{ name: 'OUTPUT1' }],
    });
    expect([status, body]).toEqual([
      200,
      {
        model_name: 'simple',
        model_version: '1',
        outputs: [{ name: 'OUTPUT1', datatype: 'INT32', shape: [1, 16], data: Array(16).fill(2) }],
      },
    ]);
  });

  it('is documented, each route typed by the schema of its model', async () => {
    const { body } = await api.ask('/openapi.json');
    expect(await new Validator().validate(body as Record<string, unknown>)).toEqual({ valid: true });
    const schemaOf = (path: string): string => {
      const { schema } = body.paths[path].post.requestBody.content['application/json'];
      return (schema.oneOf?.[0] ?? schema).$ref.split('/').at(-1);
    };
    // Letters and parcels have one schema.
    expect(schemaOf('/models/letters/predict')).toBe('PredictRequest');
    expect(schemaOf('/models/parcels/predict/batch')).toBe('BatchPredictRequest');
    expect(body.paths).toHaveProperty(['/models/parcels/versions/1/predict']);
    expect(body.paths).not.toHaveProperty(['/models/simple/predict']);
  });
});

type Schema = {
  $ref?: string;
  oneOf?: Schema[];
  example?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
};

/** A value of a schema, made of its examples. */
function exampleOf(schema: Schema, schemas: Record<string, Schema>): unknown {
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1)!], schemas);
  if (schema.oneOf) return exampleOf(schema.oneOf[0], schemas);
  if (schema.items) return [exampleOf(schema.items, schemas)];
  if (!schema.properties) return schema.example;
  const entries = Object.entries(schema.properties);
  return Object.fromEntries(entries.map(([name, property]) => [name, exampleOf(property, schemas)]));
}

describe('Three models of other schemas', () => {
  const models = temporaryFolder();

  it('are in one valid document, whose examples each of them answers', async () => {
    cpSync('models/random_forest', join(models, 'random_forest'), { recursive: true });
    await writeTinyBundle(models);
    await writeForeignModel(models, 'simple', adder());
    const three = await boot({ MODELS_DIR: models, DEFAULT_MODEL: 'random_forest' });
    const { body } = await three.ask('/openapi.json');
    expect(await new Validator().validate(body as Record<string, unknown>)).toEqual({ valid: true });
    const paths = Object.keys(body.paths as object).filter((path) => /^\/models\/(?!\{).*\/predict/.test(path));
    expect(paths.sort()).toEqual(
      ['random_forest', 'tiny'].flatMap((name) => [`/models/${name}/predict`, `/models/${name}/predict/batch`]),
    );
    for (const path of paths) {
      const { schema } = body.paths[path].post.requestBody.content['application/json'];
      const { status, text } = await three.post(path, exampleOf(schema as Schema, body.components.schemas));
      expect([path, status, status === 200 || text]).toEqual([path, 200, true]);
    }
    await three.close();
  });
});

describe('A server of nothing but a model without a pipeline', () => {
  it('is ready, and says at /predict what to ask instead', async () => {
    const models = tensorFolder;
    await writeForeignModel(models, 'simple', adder());
    const alone = await boot({ MODELS_DIR: models });
    const ready = await alone.ask('/health/ready');
    expect([ready.status, ready.body.info.model]).toEqual([200, { name: 'simple', version: '1', status: 'up' }]);
    expect((await alone.post('/predict', ROW)).status).toBe(409);
    expect((await alone.ask('/model/info')).status).toBe(409);
    expect((await alone.ask('/openapi.json')).status).toBe(200);
    expect((await alone.ask('/health')).body).toMatchObject({ status: 'healthy', model_algorithm: null });
    await alone.close();
  });
});
