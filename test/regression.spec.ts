import { tableFromIPC } from 'apache-arrow';
import { temporaryFolder, writePriceBundle } from '#testing';
import type { Golden } from '#bundle';
import { boot, type RunningApi } from './helper/boot.js';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';

const ARROW = 'application/vnd.apache.arrow.stream';
const NDJSON = 'application/x-ndjson';
const timestamp = expect.any(String) as string;
const prediction_id = expect.any(String) as string;
const model_version = 'prices:1';

describe('What every door answers of a model that predicts a number', () => {
  let api: RunningApi;
  let grpc: GrpcClient;
  let rows: Golden['rows'];
  const folder = temporaryFolder();
  beforeAll(async () => {
    rows = await writePriceBundle(folder);
    api = await boot({ MODELS_DIR: folder, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
    grpc = grpcClient(api.grpcPort!);
  });
  afterAll(async () => {
    grpc.close();
    await api.close();
  });

  const instances = () => rows.map(({ input }) => input);
  const values = () => rows.map(({ prediction }) => prediction);
  const answers = () => values().map((prediction) => ({ prediction, model_version, timestamp, prediction_id }));
  const linesOf = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const tensors = () =>
    ['weight_kg', 'distance_km', 'value_eur'].map((name) => ({
      name,
      datatype: name === 'distance_km' ? 'INT64' : 'FP64',
      shape: [rows.length],
      data: instances().map((row) => row[name]),
    }));

  it('one row: the number, whole or not, and no probability', async () => {
    expect(values()).toContain(20.1 - 0.375 - 2);
    for (const [i, row] of instances().entries()) {
      expect((await api.post('/models/prices/predict', row)).body).toEqual(answers()[i]);
    }
  });

  it('batches as JSON, NDJSON, CSV and Arrow', async () => {
    const send = (body: unknown, headers = {}) => api.post('/models/prices/predict/batch', body, headers);
    const all = { instances: instances() };
    expect((await send(all)).body).toEqual({ predictions: answers(), count: rows.length });
    const names = Object.keys(instances()[0]);
    const columns = Object.fromEntries(names.map((name) => [name, instances().map((row) => row[name])]));
    expect((await send({ columns })).body).toEqual({
      columns: { prediction: values() },
      count: rows.length,
      model_version,
      timestamp,
    });
    const lines = instances()
      .map((row) => JSON.stringify(row))
      .join('\n');
    expect(linesOf((await send(lines, { 'content-type': NDJSON })).text)).toEqual(answers());
    expect(linesOf((await send(all, { accept: NDJSON })).text)).toEqual(answers());
    const [head, ...written] = (await send(all, { accept: 'text/csv' })).text.trim().split('\n');
    expect(head).toBe('prediction,model_version,timestamp');
    expect(written.map((line) => line.split(',').slice(0, 2))).toEqual(
      values().map((value) => [String(value), model_version]),
    );
    const response = await fetch(`${api.url}/models/prices/predict/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: ARROW },
      body: JSON.stringify(all),
    });
    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    expect(table.schema.fields.map(({ name, type }) => [name, String(type)])).toEqual([['prediction', 'Float64']]);
    expect([...(table.getChild('prediction')!.toArray() as Float64Array)]).toEqual(values());
  });

  it('the Open Inference Protocol, over REST and gRPC: one tensor of FP64', async () => {
    const { body } = await api.post('/v2/models/prices/infer', { inputs: tensors() });
    expect(body.outputs).toEqual([{ name: 'prediction', datatype: 'FP64', shape: [rows.length], data: values() }]);
    const { body: metadata } = await api.ask('/v2/models/prices');
    expect(metadata.outputs).toEqual([
      { name: 'prediction', datatype: 'FP64', shape: [-1] },
      { name: 'prediction_id', datatype: 'BYTES', shape: [-1] },
    ]);
    const refused = await api.post('/v2/models/prices/infer', {
      inputs: tensors(),
      outputs: [{ name: 'probability' }],
    });
    expect(refused.status).toBe(400);
    expect(refused.body.error).toContain('probability');
    const contents = { FP64: 'fp64_contents', INT64: 'int64_contents' } as const;
    const { status, message } = await grpc.call('ModelInfer', {
      model_name: 'prices',
      inputs: tensors().map(({ name, datatype, shape, data }) => ({
        name,
        datatype,
        shape,
        contents: { [contents[datatype as 'FP64']]: data.map((value) => value ?? NaN) },
      })),
    });
    expect(status).toBe('OK');
    expect(message.outputs[0]).toMatchObject({ name: 'prediction', datatype: 'FP64' });
  });

  it("MLflow's scoring protocol", async () => {
    const { body } = await api.post('/invocations', { dataframe_records: instances() });
    expect(body).toEqual({ predictions: values() });
  });

  it('the model information, with its proof', async () => {
    const { body } = await api.ask('/models/prices');
    expect(body).toMatchObject({
      task: 'regression',
      classes: [],
      threshold: null,
      probability_of: null,
      signature: { classes: [] },
      parity: { rows: rows.length, max_feature_error: 0, max_prediction_error: 0 },
    });
    expect(body.parity).not.toHaveProperty('max_probability_error');
  });

  it.each([
    ['/models/prices/predict?include=probabilities', () => instances()[0], 'application/json'],
    ['/models/prices/predict/batch?include=probabilities', () => ({ instances: instances() }), 'application/json'],
    ['/models/prices/predict/batch?include=probabilities', () => JSON.stringify(instances()[0]), NDJSON],
  ])('%s is refused: there are none', async (path, body, type) => {
    const answer = await api.post(path, body(), { 'content-type': type });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('prices is a regression and has none');
  });
});
