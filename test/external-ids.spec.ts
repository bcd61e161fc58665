import { join } from 'node:path';
import { tableFromArrays, tableToIPC, vectorFromArray, Utf8 } from 'apache-arrow';
import { openStore } from '#monitoring';
import { EXAMPLE, temporaryFolder, until } from '#testing';
import { boot, type RunningApi } from './helper/boot.js';
import { grpcClient } from './helper/grpc-client.js';
import { ARROW, COLUMNS, NDJSON } from './helper/batch-formats.js';
import { sampleOf } from './helper/metrics-text.js';
import { NAMES, ROWS } from './helper/two-rows.js';

const store = join(temporaryFolder(), 'store');
const EXPECTED = 'a text of 1 to 64 letters, digits and . _ : -';
let api: RunningApi;
let counter = 0;
beforeAll(async () => {
  api = await boot({
    GRPC_ENABLED: 'true',
    GRPC_PORT: '0',
    MONITOR_ENABLED: 'true',
    MONITOR_STORE: store,
    MONITOR_ROWS: 'sample',
    MONITOR_SAMPLE_SHARE: '0.5',
    MONITOR_SLICES: 'feature_5',
    MONITOR_EXCLUDED: 'feature_2',
  });
});
afterAll(() => api.close());

const batch = (body: unknown, headers: Record<string, string> = {}) => api.post('/predict/batch', body, headers);
const fresh = (): string => `order-${++counter}`;
const settled = () =>
  until(async () => {
    const { text } = await api.ask('/metrics');
    return sampleOf(text, 'skewless_monitor_buffer_rows', {}) === 0 && text;
  });

it('Rows are called as their callers call them, through every door, and labels find them', async () => {
  const named: string[] = [];
  const pair = (): string[] => [fresh(), fresh()].map((id) => (named.push(id), id));
  const rowsOf = (ids: string[]) => ROWS.map((row, i) => ({ ...row, external_id: ids[i] }));

  const [header, field] = pair();
  expect((await api.post('/predict', EXAMPLE, { 'x-external-id': header })).status).toBe(200);
  expect((await api.post('/models/random_forest/predict', { external_id: field, ...EXAMPLE })).status).toBe(200);
  expect((await batch({ instances: rowsOf(pair()) })).status).toBe(200);
  const lines = rowsOf(pair()).map((row) => JSON.stringify(row));
  expect((await batch(lines.join('\n'), { 'content-type': NDJSON })).status).toBe(200);
  expect((await batch({ columns: { ...COLUMNS, external_id: pair() } })).status).toBe(200);
  const ids = pair();
  const csv = [[...NAMES, 'external_id'], ...ROWS.map((row, i) => [...Object.values(row), ids[i]])];
  const text = csv.map((cells) => cells.join(',')).join('\n');
  expect((await batch(text, { 'content-type': 'text/csv' })).status).toBe(200);
  const table = tableFromArrays(COLUMNS).assign(
    tableFromArrays({ external_id: vectorFromArray(pair(), new Utf8()) as never }),
  );
  const arrow = await fetch(`${api.url}/predict/batch`, {
    method: 'POST',
    headers: { 'content-type': ARROW },
    body: Buffer.from(tableToIPC(table, 'stream')),
  });
  expect(arrow.status).toBe(200);
  expect((await api.post('/invocations', { dataframe_records: rowsOf(pair()) })).status).toBe(200);
  const tensors = (rows: number) =>
    NAMES.map((name) => {
      const datatype = name === 'feature_5' ? 'INT64' : 'FP64';
      return { name, datatype, shape: [rows], data: ROWS.slice(0, rows).map((row) => row[name as 'feature_1']) };
    });
  const infer = (inputs: object[], more = {}) => api.post('/v2/models/random_forest/infer', { inputs, ...more });
  const idTensor = { name: 'external_id', datatype: 'BYTES', shape: [2], data: pair() };
  expect((await infer([idTensor, ...tensors(2)])).status).toBe(200);
  const [byParameter, byGrpc] = pair();
  expect((await infer(tensors(1), { parameters: { external_id: byParameter } })).status).toBe(200);
  const grpc = grpcClient(api.grpcPort!);
  const messages = (rows: number) =>
    tensors(rows).map(({ data, datatype, ...tensor }) => ({
      ...tensor,
      datatype,
      contents: { [datatype === 'INT64' ? 'int64_contents' : 'fp64_contents']: data },
    }));
  const one = {
    model_name: 'random_forest',
    inputs: messages(1),
    parameters: { external_id: { string_param: byGrpc } },
  };
  expect((await grpc.call('ModelInfer', one)).status).toBe('OK');
  const { data: bytes, ...ofTwo } = { ...idTensor, data: pair() };
  const two = [...messages(2), { ...ofTwo, contents: { bytes_contents: bytes.map((id) => Buffer.from(id)) } }];
  expect((await grpc.call('ModelInfer', { model_name: 'random_forest', inputs: two })).status).toBe('OK');
  grpc.close();
  await settled();

  const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
  const found = await reader.byExternalId(named);
  expect(named.filter((id) => found.get(id)?.length !== 1)).toEqual([]);
  const labels = named.map((id) => ({ external_id: id, label: 1 }));
  expect((await api.post('/feedback', { labels })).body).toMatchObject({ accepted: named.length, unknown: 0 });
});

it('A name that is none is refused, in the words of its door', async () => {
  const fault = { expected: EXPECTED, received: 'a b' };
  const single = await api.post('/predict', { ...EXAMPLE, external_id: 'a b' });
  expect([single.status, single.body.errors]).toEqual([422, [{ path: 'external_id', ...fault }]]);
  const header = await api.post('/predict', EXAMPLE, { 'x-external-id': 'a b' });
  expect([header.status, header.body.errors]).toEqual([422, [{ path: 'X-External-Id', ...fault }]]);
  const rows = await batch({ instances: [EXAMPLE, { ...EXAMPLE, external_id: 'a b' }] });
  expect(rows.body.errors).toEqual([{ path: 'instances[1].external_id', ...fault }]);
  const columns = await batch({ columns: { ...COLUMNS, external_id: ['ok', 'a b'] } });
  expect(columns.body.errors).toEqual([{ path: 'instances[1].external_id', ...fault }]);
});

it('A name that is none is refused by the Open Inference Protocol too, as are more or fewer names than rows', async () => {
  const inputs = NAMES.map((name) => {
    const datatype = name === 'feature_5' ? 'INT64' : 'FP64';
    return { name, datatype, shape: [2], data: ROWS.map((row) => row[name as 'feature_1']) };
  });
  const errorOf = async (ids: object[], parameters = {}): Promise<unknown> => {
    const { status, body } = await api.post('/v2/models/random_forest/infer', {
      inputs: [...inputs, ...ids],
      parameters,
    });
    return [status, body.error];
  };
  const tensor = (data: (string | null)[], more = {}) => ({
    name: 'external_id',
    datatype: 'BYTES',
    shape: [data.length],
    data,
    ...more,
  });
  const expected = `must be ${EXPECTED}`;
  expect(await errorOf([tensor(['ok', 'a b'])])).toEqual([
    400,
    `data[1] of input "external_id" ${expected}; received "a b"`,
  ]);
  expect(await errorOf([tensor(['one'])])).toEqual([
    400,
    'There must be as many external ids as rows, 2, in the input "external_id"; received 1',
  ]);
  expect(await errorOf([], { external_id: 'one' })).toEqual([
    400,
    'There must be as many external ids as rows, 2, in the input "external_id"; received 1',
  ]);
  expect(await errorOf([], { external_id: 7 })).toEqual([
    400,
    `The parameter "external_id" of the request ${expected}; received 7`,
  ]);
  expect(await errorOf([{ name: 'external_id', datatype: 'INT64', shape: [2], data: [1, 2] }])).toEqual([
    400,
    'The input "external_id" must be BYTES [-1]; received INT64 [2]',
  ]);
});

it('Of a sample each row is logged, sampled out or dropped; kept rows read back, without what is excluded', async () => {
  const before = await settled();
  const tally = (text: string, outcome: string): number =>
    sampleOf(text, 'skewless_monitor_rows_total', { model: 'random_forest', outcome })!;
  await batch({ instances: Array<object>(2_000).fill(EXAMPLE) });
  const after = await settled();
  const [logged, sampledOut, dropped] = ['logged', 'sampled_out', 'dropped'].map(
    (outcome) => tally(after, outcome) - tally(before, outcome),
  );
  expect([logged + sampledOut + dropped, dropped]).toEqual([2_000, 0]);
  expect(Math.abs(logged - 1_000)).toBeLessThan(150);
  const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
  const kept = Object.keys(EXAMPLE).filter((name) => name !== 'feature_2');
  let raws = 0;
  const span = { from: 0, to: Number.MAX_SAFE_INTEGER };
  for await (const { raw, weight, slices } of reader.predictions({ model: 'random_forest', ...span })) {
    expect(JSON.parse(slices!)).toEqual({ feature_5: expect.any(Number) });
    if (raw === null) continue;
    raws++;
    expect([Object.keys(JSON.parse(raw) as object), weight]).toEqual([kept, 2]);
  }
  expect(raws).toBe(tally(after, 'logged'));
});
