import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Float64, Int64, Table, tableFromArrays, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { type EXAMPLE, temporaryFolder, writeTinyBundle } from '#testing';
import { ANSWERS, ARROW, arrowOf, COLUMNS, CSV, LINES, linesOf, NDJSON, timestamp } from '../helper/batch-formats.js';
import { boot, type RunningApi } from '../helper/boot.js';
import { NAMES, ROWS } from '../helper/two-rows.js';

describe('Formats of a batch', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '4096', MAX_BATCH_INSTANCES: '20' })));
  afterAll(() => api.close());

  const send = (body: unknown, type: string, headers: Record<string, string> = {}) =>
    api.post('/predict/batch', body, { 'content-type': type, ...headers });

  it('JSON by columns is answered by columns', async () => {
    const { status, headers, body } = await send({ columns: COLUMNS }, 'application/json');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual({
      columns: { prediction: [1, 0], probability: [1, 0.05] },
      count: 2,
      model_version: 'random_forest:1',
      timestamp,
    });
  });

  describe('as other tools write them', () => {
    const fixture = (name: string): Promise<Buffer> => readFile(join('test/fixtures/tables', name));
    const predictionsOf = async (body: unknown, type: string): Promise<unknown> => {
      const { status, body: answer } = await send(body, type, { accept: 'application/json' });
      return [status, answer.predictions?.map((row: { prediction: number }) => row.prediction) ?? answer.detail];
    };
    const EXCEL = [
      [0.4967141530112327, 1.3993554365860021, -0.6751782749743815, 81.87402294840508, 3],
      [-0.13826430117118466, 0.9246336829127688, -0.14451867071551783, 98.3567206513663, 2],
      [0.6476885381006925, 0.05963036992017413, -0.7924199209999613, 25.967083895041398, 1],
    ];
    const MIXED = [...ROWS.map((row) => Object.values(row)), [9, 1, 1, 3, 1]];

    it.each([
      ['semicolon.csv', EXCEL],
      ['utf16.csv', EXCEL],
      ['mixed.csv', MIXED],
    ])('CSV: %s', async (file, rows) => {
      const instances = rows.map((row) => Object.fromEntries(NAMES.map((name, c) => [name, row[c]])));
      const expected = await predictionsOf({ instances }, 'application/json');
      expect(expected).toEqual([200, expect.any(Array)]);
      expect(await predictionsOf(await fixture(file), 'text/csv')).toEqual(expected);
      const { status, body } = await api.post('/invocations', await fixture(file), { 'content-type': 'text/csv' });
      expect([status, body.predictions]).toEqual(expected);
    });

    it('CSV: the index of pandas, names with line breaks, several ways of numbers', async () => {
      const indexed = ['', ...NAMES].join() + ROWS.map((row, i) => `\n${i},${Object.values(row).join()}`).join('');
      expect(await predictionsOf(indexed, 'text/csv')).toEqual([200, [1, 0]]);
      expect(await predictionsOf(CSV.replace('feature_1', '"feature_1\n"'), 'text/csv')).toEqual([200, [1, 0]]);
      expect(await predictionsOf('a;b\n1,5;2.5\n', 'text/csv')).toEqual([
        400,
        'The body is not CSV with a header: its numbers are written with a comma (1,5) and with a point (2.5); write all of them the same way.',
      ]);
    });

    it('Arrow: the index of pandas', async () => {
      const body = await fixture('filtered.arrows');
      const instances = tableFromIPC(body)
        .toArray()
        .map((row: object) => Object.fromEntries(NAMES.map((name) => [name, Number((row as typeof EXAMPLE)[name])])));
      expect(await predictionsOf(body, ARROW)).toEqual(await predictionsOf({ instances }, 'application/json'));
      expect(instances.length).toBeGreaterThan(0);
    });
  });

  it('CSV is answered as CSV, its columns in any order', async () => {
    const { status, headers, text } = await send(CSV, 'text/csv');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    const [head, ...rows] = text.trim().split('\n');
    expect(head).toBe('prediction,probability,model_version,timestamp');
    expect(rows.map((row) => row.split(','))).toEqual([
      ['1', '1', 'random_forest:1', timestamp],
      ['0', '0.05', 'random_forest:1', timestamp],
    ]);
    const turned = CSV.split('\n').map((line) => line.split(',').reverse().join(','));
    expect((await send(`\ufeff${turned.join('\r\n')}\r\n`, 'text/csv')).text.split('\n')[2]).toMatch(/^0,0\.05,/);
  });

  it('Arrow is answered as Arrow, whatever the types of its numbers', async () => {
    const columns = {
      ...tableFromArrays(COLUMNS).schema.fields.reduce(
        (all, { name }) => ({ ...all, [name]: vectorFromArray(COLUMNS[name]) }),
        {},
      ),
      feature_5: vectorFromArray([5n, 3n], new Int64()),
    };
    for (const body of [arrowOf(COLUMNS), tableToIPC(new Table(columns as never), 'stream')]) {
      const response = await fetch(`${api.url}/predict/batch`, {
        method: 'POST',
        headers: { 'content-type': ARROW },
        body: Buffer.from(body),
      });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, ARROW]);
      const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
      expect(table.schema.fields.map(({ name, type }) => `${name}: ${String(type)}`)).toEqual([
        'prediction: Int32',
        'probability: Float64',
      ]);
      expect(table.toArray().map((row) => ({ ...(row as object) }))).toEqual([
        { prediction: 1, probability: 1 },
        { prediction: 0, probability: 0.05 },
      ]);
      expect(Object.fromEntries(table.schema.metadata)).toEqual({ model_version: 'random_forest:1', timestamp });
    }
  });

  it('any format is answered in any other that Accept names, the best liked first', async () => {
    const json = await send(CSV, 'text/csv', { accept: 'application/json' });
    expect(json.body).toEqual({ predictions: ANSWERS, count: 2 });
    const lines = await send({ instances: ROWS }, 'application/json', {
      accept: 'text/csv;q=0.5, application/x-ndjson',
    });
    expect(linesOf(lines.text)).toEqual(ANSWERS);
    expect((await send({ columns: COLUMNS }, 'application/json', { accept: 'text/*' })).text).toMatch(
      /^prediction,probability/,
    );
    expect((await send(arrowOf(COLUMNS), ARROW, { accept: '*/*;q=0.1, application/json' })).body.count).toBe(2);
  });

  it('an Accept that nothing fits is 406, before the body is looked at', async () => {
    const { status, body } = await send('nonsense', 'application/json', { accept: 'image/png' });
    expect([status, body]).toEqual([
      406,
      {
        type: 'urn:skewless:problem:not-acceptable',
        title: 'None of the accepted formats is available',
        status: 406,
        detail:
          'The answer can be application/json, application/x-ndjson, text/csv, application/vnd.apache.arrow.stream; name one of them, or */*, in Accept.',
        instance: '/predict/batch',
        request_id: expect.any(String) as string,
      },
    ]);
    expect((await send(LINES, NDJSON, { accept: 'text/csv' })).body.detail).toBe(
      'The answer can be application/x-ndjson; name one of them, or */*, in Accept.',
    );
  });

  it('an unknown format is 415', async () => {
    const { status, body } = await send('<a/>', 'application/xml');
    expect([status, body.detail]).toEqual([
      415,
      'Content-Type "application/xml" is not supported here; send application/json, application/x-ndjson, text/csv, application/vnd.apache.arrow.stream.',
    ]);
  });
});

describe('Labels that are texts, and nulls', () => {
  const models = temporaryFolder();
  let api: RunningApi;
  beforeAll(async () => {
    await writeTinyBundle(models);
    api = await boot({ MODELS_DIR: models });
  });
  afterAll(() => api.close());

  it('are the same in every format', async () => {
    const instances = [
      { weight_kg: 2, distance_km: 501, value_eur: 73.5 },
      { weight_kg: 0, distance_km: 9000, value_eur: null },
    ];
    const columns = { weight_kg: [2, 0], distance_km: [501, 9000], value_eur: [73.5, null] };
    const arrow = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, vectorFromArray(values)]));
    const bodies: [string, unknown][] = [
      ['application/json', { instances }],
      ['application/json', { columns }],
      ['text/csv', 'distance_km,weight_kg,value_eur\n501,2,73.5\n9000,0,\n'],
      [ARROW, tableToIPC(new Table(arrow as never), 'stream')],
    ];
    for (const [type, body] of bodies) {
      const headers = { 'content-type': type, accept: NDJSON };
      const { text } = await api.post('/predict/batch', body, headers);
      expect([type, text.match(/"prediction":"\w+","probability":[\d.]+/g)]).toEqual([
        type,
        ['"prediction":"road","probability":1', '"prediction":"air","probability":0.875'],
      ]);
    }
    const response = await fetch(`${api.url}/predict/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: ARROW },
      body: JSON.stringify({ instances }),
    });
    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    expect([...table.getChild('prediction')!]).toEqual(['road', 'air']);
  });
});

describe('A model that names its missing values and the columns that it does not use', () => {
  const models = temporaryFolder();
  let api: RunningApi;
  beforeAll(async () => {
    await writeTinyBundle(models, { table: { missing: ['?'], unused: ['parcel'] } });
    api = await boot({ MODELS_DIR: models });
  });
  afterAll(() => api.close());

  const instance = { weight_kg: 2, distance_km: 501, value_eur: null };
  const labelsOf = async (type: string, body: unknown): Promise<unknown> => {
    const { status, text } = await api.post('/predict/batch', body, { 'content-type': type, accept: NDJSON });
    const labels = text.split('\n').filter(Boolean);
    return [status, labels.map((line) => (JSON.parse(line) as { prediction?: string }).prediction)];
  };

  it('takes rows with those columns in every format, and no others', async () => {
    const { body } = await api.post('/predict', { ...instance, parcel: { any: ['thing'] } });
    const expected = [200, [body.prediction]];
    expect(typeof body.prediction).toBe('string');
    const column = (value: number | null) => vectorFromArray([value], new Float64());
    const arrow = {
      parcel: vectorFromArray(['x'], new Utf8()),
      weight_kg: column(2),
      distance_km: column(501),
      value_eur: column(null),
    };
    const bodies: [string, unknown][] = [
      ['application/json', { instances: [{ parcel: 'x', ...instance }] }],
      ['application/json', { columns: { parcel: ['x'], weight_kg: [2], distance_km: [501], value_eur: [null] } }],
      [NDJSON, JSON.stringify({ ...instance, parcel: null })],
      ['text/csv', 'parcel,weight_kg,distance_km,value_eur\nx,2,501,?\n'],
      [ARROW, tableToIPC(new Table(arrow as never), 'stream')],
    ];
    for (const [type, batch] of bodies) expect([type, await labelsOf(type, batch)]).toEqual([type, expected]);
    const csv = { 'content-type': 'text/csv' };
    const scored = await api.post('/invocations', 'parcel,weight_kg,distance_km,value_eur\nx,2,501,?\n', csv);
    expect([scored.status, scored.body]).toEqual([200, { predictions: [body.prediction] }]);
    expect((await api.post('/predict', { ...instance, parcels: 1 })).status).toBe(422);
    expect((await labelsOf('text/csv', 'weight_kg,distance_km,value_eur\n2,501,NA\n')) as unknown[]).toEqual([
      422,
      expect.anything(),
    ]);
  });
});
