import { tableFromIPC } from 'apache-arrow';
import { boot, type RunningApi } from './helper/boot.js';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';
import { EXAMPLE, temporaryFolder, type TinyBundle, writeTinyBundle } from '#testing';

const ARROW = 'application/vnd.apache.arrow.stream';
const NDJSON = 'application/x-ndjson';
const timestamp = expect.any(String) as string;
const prediction_id = expect.any(String) as string;
const folder = temporaryFolder();

/** Three classes that are texts: air, road, sea. */
describe('What every door answers of a model by its name', () => {
  let api: RunningApi;
  let grpc: GrpcClient;
  let tiny: TinyBundle;
  const version = 'parcels:7';
  beforeAll(async () => {
    tiny = await writeTinyBundle(folder, { name: 'parcels', version: '7' });
    api = await boot({ MODELS_DIR: folder, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    grpc = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    grpc.close();
    await api.close();
  });

  const INSTANCES = () => tiny.rows.map(({ input }) => input);
  const plain = ({ prediction, probabilities }: TinyBundle['rows'][number]) => ({
    prediction,
    probability: Math.max(...probabilities),
  });
  const sharesOf = ({ probabilities: [air, road, sea] }: TinyBundle['rows'][number]) => ({ air, road, sea });
  const stamped = (row: TinyBundle['rows'][number]) => ({
    ...plain(row),
    model_version: version,
    timestamp,
    prediction_id,
  });
  const scored = (row: TinyBundle['rows'][number]) => ({ ...stamped(row), probabilities: sharesOf(row) });
  const send = (body: unknown, headers = {}, query = '?include=probabilities') =>
    api.post(`/predict/batch${query}`, body, headers);
  const linesOf = (text: string) => text.trim().split('\n').map((line) => JSON.parse(line) as unknown); // prettier-ignore

  it.each(['/predict', '/models/parcels/predict', '/models/parcels/versions/7/predict'])('%s', async (path) => {
    for (const row of tiny.rows) {
      expect((await api.post(path, row.input)).body).toEqual(stamped(row));
      expect((await api.post(`${path}?include=probabilities`, row.input)).body).toEqual(scored(row));
    }
  });

  it('JSON, row by row and by columns', async () => {
    for (const path of [
      '/predict/batch',
      '/models/parcels/predict/batch',
      '/models/parcels/versions/7/predict/batch',
    ]) {
      const without = await api.post(path, { instances: INSTANCES() });
      expect(without.body).toEqual({ predictions: tiny.rows.map(stamped), count: tiny.rows.length });
      const { body } = await api.post(`${path}?include=probabilities`, { instances: INSTANCES() });
      expect(body.predictions).toEqual(tiny.rows.map(scored));
    }
    const columns = Object.fromEntries(
      Object.keys(INSTANCES()[0]).map((name) => [name, INSTANCES().map((row) => row[name])]),
    );
    const byClass = (c: number) => tiny.rows.map(({ probabilities }) => probabilities[c]);
    expect((await send({ columns })).body).toEqual({
      columns: {
        prediction: tiny.rows.map(({ prediction }) => prediction),
        probability: tiny.rows.map((row) => plain(row).probability),
        probabilities: { air: byClass(0), road: byClass(1), sea: byClass(2) },
      },
      count: tiny.rows.length,
      model_version: version,
      timestamp,
    });
    expect((await send({ columns }, {}, '')).body.columns).not.toHaveProperty('probabilities');
  });

  it('NDJSON, as a stream and as an answer', async () => {
    const lines = INSTANCES().map((row) => JSON.stringify(row)).join('\n'); // prettier-ignore
    const streamed = await send(`${lines}\nnonsense\n`, { 'content-type': NDJSON });
    expect(linesOf(streamed.text)).toEqual([...tiny.rows.map(scored), { error: expect.anything() as object }]);
    expect(linesOf((await send(`${lines}\n`, { 'content-type': NDJSON }, '')).text)).toEqual(tiny.rows.map(stamped));
    const answered = await send({ instances: INSTANCES() }, { accept: NDJSON });
    expect(linesOf(answered.text)).toEqual(tiny.rows.map(scored));
  });

  it('CSV and Arrow: a column for each class', async () => {
    const { text } = await send({ instances: INSTANCES() }, { accept: 'text/csv' });
    const [head, ...rows] = text.trim().split('\n');
    expect(head).toBe(
      'prediction,probability,model_version,timestamp,probability_air,probability_road,probability_sea',
    );
    expect(rows.map((row) => row.split(',').filter((_, c) => c !== 3))).toEqual(
      tiny.rows.map((row) => [row.prediction, plain(row).probability, version, ...row.probabilities].map(String)),
    );
    const response = await fetch(`${api.url}/predict/batch?include=probabilities`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: ARROW },
      body: JSON.stringify({ instances: INSTANCES() }),
    });
    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    expect(table.schema.metadata.get('model_version')).toBe(version);
    const { air, road, sea } = sharesOf(tiny.rows[0]);
    expect({ ...(table.get(0) as object) }).toEqual({
      ...plain(tiny.rows[0]),
      probability_air: air,
      probability_road: road,
      probability_sea: sea,
    });
  });

  it('/invocations: params.include', async () => {
    const labels = tiny.rows.map(({ prediction }) => prediction);
    const invoke = async (params?: object) =>
      (await api.post('/invocations', { dataframe_records: INSTANCES(), params })).body;
    expect(await invoke()).toEqual({ predictions: labels });
    for (const include of ['probabilities', ['probabilities']]) {
      expect(await invoke({ include })).toEqual({
        predictions: labels,
        probabilities: tiny.rows.map(sharesOf),
        model_version: version,
      });
    }
    expect(await invoke({ include: ['shap'] })).toEqual({
      error_code: 'BAD_REQUEST',
      message: 'params.include must be a comma-separated list of: probabilities, prediction_id; received "shap".',
    });
  });

  it('v2 over REST and gRPC: the tensor probabilities, only when it is named', async () => {
    const tensors = ['weight_kg', 'distance_km', 'value_eur'].map((name) => ({
      name,
      datatype: name === 'distance_km' ? 'INT64' : 'FP64',
      shape: [tiny.rows.length],
      data: INSTANCES().map((row) => row[name]),
    }));
    const infer = async (outputs?: object[]) =>
      (await api.post('/v2/models/parcels/infer', { inputs: tensors, outputs })).body.outputs as { name: string }[];
    expect((await infer()).map(({ name }) => name)).toEqual(['prediction', 'probability']);
    const shape = [tiny.rows.length, 3];
    const data = tiny.rows.flatMap(({ probabilities }) => probabilities);
    expect(await infer([{ name: 'probabilities' }])).toEqual([
      { name: 'probabilities', datatype: 'FP64', shape, data },
    ]);
    expect((await api.ask('/v2/models/parcels')).body.outputs).toContainEqual({
      name: 'probabilities',
      datatype: 'FP64',
      shape: [-1, 3],
    });
    const inputs = tensors.map(({ data, ...tensor }) => ({
      ...tensor,
      contents:
        tensor.datatype === 'INT64' ? { int64_contents: data } : { fp64_contents: data.map((value) => value ?? NaN) },
    }));
    const request = { model_name: 'parcels', inputs, outputs: [{ name: 'probabilities' }] };
    const { message } = await grpc.call('ModelInfer', request);
    expect(message.outputs[0].contents.fp64_contents).toEqual(data);
  });

  it('tells what it does not know how to include, in each form', async () => {
    const fault = {
      path: 'include',
      expected: 'a comma-separated list of: probabilities, prediction_id',
      received: 'shap',
    };
    for (const [path, body] of [
      ['/predict', INSTANCES()[0]],
      ['/models/parcels/predict', INSTANCES()[0]],
      ['/predict/batch', { instances: INSTANCES() }],
      ['/models/parcels/versions/7/predict/batch', { instances: INSTANCES() }],
    ] as const) {
      const { status, body: document } = await api.post(`${path}?include=probabilities,shap`, body);
      expect([path, status, document.errors]).toEqual([path, 422, [fault]]);
    }
    expect((await api.post('/predict?include=&other=1', INSTANCES()[0])).body).toEqual(stamped(tiny.rows[0]));
  });

  it('/models/{model} says what a probability is of, the task, and what is proven', async () => {
    expect((await api.ask('/models/parcels')).body).toMatchObject({
      task: 'multiclass',
      classes: ['air', 'road', 'sea'],
      threshold: null,
      probability_of: 'prediction',
      proof: {
        rows: tiny.rows.length,
        answered_by: null,
        says: 'The bundle does not record where the answers of its rows come from.',
      },
    });
  });
});

it('The model that is shipped goes on as random_forest:1, its probability that of class 1', async () => {
  const api = await boot();
  const answer = { prediction: 1, probability: 1, model_version: 'random_forest:1', timestamp, prediction_id };
  expect((await api.post('/predict', EXAMPLE)).body).toEqual(answer);
  expect((await api.post('/predict?include=probabilities', EXAMPLE)).body).toEqual({
    ...answer,
    probabilities: { 0: 0, 1: 1 },
  });
  expect((await api.ask('/model/info')).body).toMatchObject({ task: 'binary', classes: [0, 1], probability_of: 1 });
  await api.close();
});
