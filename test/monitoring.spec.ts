import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { openStore, runWatch } from '#monitoring';
import { EXAMPLE, temporaryFolder, until } from '#testing';
import { FileStore } from '../libs/monitoring/src/store/file/file-store.js';
import { boot, type RunningApi } from './helper/boot.js';
import { ANSWERS, ARROW, arrowOf, COLUMNS, CSV, NDJSON, prediction_id } from './helper/batch-formats.js';
import { grpcClient } from './helper/grpc-client.js';
import { sampleOf } from './helper/metrics-text.js';
import { StoppedClock } from './helper/stopped-clock.js';
import { NAMES, ROWS } from './helper/two-rows.js';

const folder = temporaryFolder();
const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER };
const model = 'random_forest';

/** What became of the rows that were answered, once none is on its way. */
async function settled(api: RunningApi): Promise<{ logged: number; dropped: number; up: number }> {
  const text = await until(async () => {
    const { text } = await api.ask('/metrics');
    return sampleOf(text, 'skewless_monitor_buffer_rows', {}) === 0 && text;
  });
  const rows = (outcome: string): number => sampleOf(text, 'skewless_monitor_rows_total', { model, outcome })!;
  expect(rows('sampled_out')).toBe(0);
  return {
    logged: rows('logged'),
    dropped: rows('dropped'),
    up: sampleOf(text, 'skewless_monitor_store_up', {})!,
  };
}

describe('The log of predictions', () => {
  const store = join(folder, 'store');
  let api: RunningApi;
  beforeAll(async () => {
    api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: store, GRPC_ENABLED: 'true', GRPC_PORT: '0' });
  });

  it('shows its metrics with 0 before anything was predicted, and makes no folder', async () => {
    expect(await settled(api)).toEqual({ logged: 0, dropped: 0, up: 1 });
    expect(existsSync(store)).toBe(false);
  });

  it('has a record of each answered row of every door, with the id that was answered, and none of refused ones', async () => {
    const answered = new Map<string, number>();
    const keep = (ids: readonly string[], predictions: readonly number[]): void =>
      ids.forEach((id, i) => answered.set(id, predictions[i]));
    const batch = (body: unknown, headers = {}, query = '?include=prediction_id') =>
      api.post(`/predict/batch${query}`, body, headers);

    const { body: single } = await api.post('/predict', EXAMPLE);
    keep([single.prediction_id], [single.prediction]);
    const byRow = (await batch({ instances: ROWS }, {}, '')).body.predictions as typeof ANSWERS;
    expect(byRow).toEqual(ANSWERS);
    keep(
      byRow.map((row) => row.prediction_id),
      byRow.map((row) => row.prediction),
    );
    const lines = (await batch(ROWS.map((row) => JSON.stringify(row)).join('\n'), { 'content-type': NDJSON }, '')).text;
    for (const line of lines
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each) as (typeof ANSWERS)[number])) {
      keep([line.prediction_id], [line.prediction]);
    }
    const { columns } = (await batch({ columns: COLUMNS })).body;
    expect(columns).toEqual({
      prediction: [1, 0],
      probability: [1, 0.05],
      prediction_id: [prediction_id, prediction_id],
    });
    keep(columns.prediction_id, columns.prediction);
    const csv = (await batch({ instances: ROWS }, { accept: 'text/csv' })).text.trim().split('\n');
    expect(csv[0]).toBe('prediction,probability,model_version,timestamp,prediction_id');
    for (const cells of csv.slice(1).map((line) => line.split(','))) keep([cells[4]], [Number(cells[0])]);
    const arrow = await fetch(`${api.url}/predict/batch?include=prediction_id`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: ARROW },
      body: JSON.stringify({ instances: ROWS }),
    });
    for (const row of tableFromIPC(new Uint8Array(await arrow.arrayBuffer())).toArray()) {
      const { prediction_id: id, prediction } = row as { prediction_id: string; prediction: number };
      keep([id], [prediction]);
    }
    const mlflow = await api.post('/invocations', {
      dataframe_records: ROWS,
      params: { include: ['prediction_id'] },
    });
    expect(mlflow.body).toEqual({
      predictions: [1, 0],
      prediction_id: [prediction_id, prediction_id],
      model_version: 'random_forest:1',
    });
    keep(mlflow.body.prediction_id, mlflow.body.predictions);
    const inputs = Object.entries(COLUMNS).map(([name, data]) => ({
      name,
      datatype: name === 'feature_5' ? 'INT64' : 'FP64',
      shape: [data.length],
      data,
    }));
    const outputs = [{ name: 'prediction' }, { name: 'prediction_id' }];
    const v2 = (await api.post(`/v2/models/${model}/infer`, { inputs, outputs })).body;
    keep(v2.outputs[1].data, v2.outputs[0].data);
    const grpc = grpcClient(api.grpcPort!);
    const { message } = await grpc.call('ModelInfer', {
      model_name: model,
      inputs: inputs.map(({ name, datatype, shape, data }) => ({
        name,
        datatype,
        shape,
        contents: { [datatype === 'INT64' ? 'int64_contents' : 'fp64_contents']: data },
      })),
      outputs,
    });
    grpc.close();
    const [predicted, ids] = message.outputs.map(
      ({ contents }: { contents: { int64_contents: string[]; bytes_contents: Buffer[] } }) => contents,
    );
    keep(ids.bytes_contents.map(String), predicted.int64_contents.map(Number));
    const byCsv = (await batch(CSV, { 'content-type': 'text/csv', accept: 'application/json' })).body.predictions;
    const byArrow = await fetch(`${api.url}/predict/batch`, {
      method: 'POST',
      headers: { 'content-type': ARROW, accept: 'application/json' },
      body: Buffer.from(arrowOf(COLUMNS)),
    });
    for (const row of [...byCsv, ...((await byArrow.json()) as { predictions: typeof ANSWERS }).predictions])
      keep([row.prediction_id], [row.prediction]);
    expect((await api.post('/predict', { ...EXAMPLE, feature_1: 'x' })).status).toBe(422);
    expect((await batch({ instances: [...ROWS, {}] })).status).toBe(422);

    expect(answered.size).toBe(1 + 10 * ROWS.length);
    expect(await settled(api)).toEqual({ logged: answered.size, dropped: 0, up: 1 });
    const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
    const found = new Map<string, number>();
    for await (const row of reader.predictions({ model, ...EVER })) {
      found.set(row.id, Number(row.prediction));
      expect(row).toMatchObject({ model, version: '1', raw: null, label: null });
      expect([1, Math.fround(0.05), Math.fround(0.98)]).toContainEqual(expect.closeTo(row.score!, 6));
      expect(Math.abs(row.time - Date.now())).toBeLessThan(600_000);
    }
    expect([...found].sort()).toEqual([...answered].sort());

    await api.close();
    const counts = await reader.counts({ model, ...EVER, scale: 'day' });
    const cells = new Map<string, readonly number[]>();
    // Two days are counted where one ends meanwhile.
    for (const { column, cells: more } of counts) {
      const before = cells.get(column);
      cells.set(column, before ? before.map((count, i) => count + (more[i] ?? 0)) : more);
    }
    // The rows, and the eleven requests that brought them.
    expect(cells.get('=rows')).toEqual([21, 11]);
    for (const [column, own] of cells) {
      if (column !== '=rows') expect([column, own.reduce((sum, rows) => sum + rows, 0)]).toEqual([column, 21]);
    }
    expect([...cells.keys()].sort()).toEqual(['=rows', ...NAMES].sort());
  });
});

it('A store that fails costs records, which are counted, and no prediction; it is used again when it works', async () => {
  const store = join(folder, 'is-a-file');
  writeFileSync(store, '');
  const api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: store });
  const instances = Array.from({ length: 3_000 }, () => EXAMPLE);
  for (let turn = 0; turn < 2; turn++) {
    expect((await api.post('/predict/batch', { instances })).body.count).toBe(3_000);
  }
  expect(await settled(api)).toEqual({ logged: 0, dropped: 6_000, up: 0 });
  rmSync(store);
  await api.post('/predict', EXAMPLE);
  expect(await settled(api)).toEqual({ logged: 1, dropped: 6_000, up: 1 });
  await api.close();
});

it('What is answered is in the store when the server has ended', async () => {
  const store = join(folder, 'ended');
  const api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: store });
  const { prediction_id: id } = (await api.post('/predict', EXAMPLE)).body;
  await api.close();
  const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
  expect([...(await reader.known([id])).keys()]).toEqual([id]);
});

it('A clock that jumps, and a server that is away for days, cost no row and no window, and count none twice', async () => {
  const [HOUR, DAY] = [3_600_000, 86_400_000];
  const store = join(folder, 'clock');
  // The night in which Europe's clocks go back.
  const start = Date.UTC(2026, 9, 25, 0, 30);
  const clock = new StoppedClock(start);
  const answered: [id: string, time: number][] = [];
  const answer = async (api: RunningApi): Promise<void> => {
    answered.push([(await api.post('/predict', EXAMPLE)).body.prediction_id, Date.now()]);
  };
  let api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: store });
  for (const jump of [0, HOUR, -HOUR, DAY]) {
    clock.advance(jump);
    await answer(api);
  }
  await api.close();
  // The clock of who keeps the store is ahead.
  const ahead = new FileStore({ folder: store, maxBytes: 1e9, now: () => start + 400 * DAY });
  await ahead.prune({ rows: 0, minutes: 0, hours: 0, days: 0 });
  clock.advance(3 * DAY);
  api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: store });
  await answer(api);
  await api.close();
  clock.giveBack();

  const rows: [id: string, time: number][] = [];
  for await (const { id, time } of ahead.predictions({ model, ...EVER })) rows.push([id, time]);
  expect(rows.sort()).toEqual(answered.sort());
  const hours = new Map<number, number>();
  for (const { column, time, cells } of await ahead.counts({ model, ...EVER, scale: 'hour' }))
    if (column === '=rows') hours.set((time - start + HOUR / 2) / HOUR, cells[0]);
  expect([...hours]).toEqual([
    [0, 2],
    [1, 1],
    [24, 1],
    [96, 1],
  ]);
  const closed: number[] = [];
  for (const at of [2 * HOUR, HOUR, DAY + 2 * HOUR, DAY, 4 * DAY + 2 * HOUR]) {
    const [run] = await runWatch(ahead, start + at);
    closed.push((run.closedUpTo - start + HOUR / 2) / HOUR);
  }
  expect(closed).toEqual([2, 2, 26, 26, 98]);
});
