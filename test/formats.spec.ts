import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  Float16,
  Float64,
  Int64,
  Table,
  tableFromArrays,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE, temporaryFolder, writeTinyBundle } from '#testing';

const ARROW = 'application/vnd.apache.arrow.stream';
const NDJSON = 'application/x-ndjson';
const OTHER = { feature_1: -0.3, feature_2: 0.8, feature_3: 0.2, feature_4: 45, feature_5: 3 };
const ROWS = [EXAMPLE, OTHER];
const NAMES = Object.keys(EXAMPLE) as (keyof typeof EXAMPLE)[];
const COLUMNS = Object.fromEntries(NAMES.map((name) => [name, ROWS.map((row) => row[name])]));
const CSV = [NAMES, ...ROWS.map((row) => Object.values(row))].map((cells) => cells.join(',')).join('\n');
const LINES = ROWS.map((row) => JSON.stringify(row)).join('\n');
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const timestamp = expect.stringMatching(TIME) as string;
const ANSWERS = [
  { prediction: 1, probability: 1, model_version: 'random_forest:1', timestamp },
  { prediction: 0, probability: 0.05, model_version: 'random_forest:1', timestamp },
];
const arrowOf = (columns: object): Uint8Array =>
  tableToIPC(tableFromArrays(columns as Record<string, number[]>), 'stream');

describe('Formats of a batch', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '4096', MAX_BATCH_INSTANCES: '20' })));
  afterAll(() => api.close());

  const send = (body: unknown, type: string, headers: Record<string, string> = {}) =>
    api.post('/predict/batch', body, { 'content-type': type, ...headers });
  const faultsOf = async (body: unknown, type: string): Promise<unknown> => {
    const { status, body: document } = await send(body, type);
    return [status, document.errors ?? document.detail];
  };
  const linesOf = (text: string): unknown[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

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
        'The body is no CSV with a header: its numbers are written with a comma (1,5) and with a point (2.5); write them alike.',
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
      'Content-Type "application/xml" is not read here; send application/json, application/x-ndjson, text/csv, application/vnd.apache.arrow.stream.',
    ]);
  });

  describe('are checked by the same rules, in the same words', () => {
    const faults = [
      { path: 'instances[0].feature_5', expected: 'a whole number from 1 to 10', received: 5.5 },
      { path: 'instances[1].feature_4', expected: 'a finite number from 0 to 100', received: 101 },
    ];
    const wrong = { ...COLUMNS, feature_4: [75.5, 101], feature_5: [5.5, 3] };
    const csv = CSV.replace(',75.5,5\n', ',75.5,5.5\n').replace(',45,3', ',101,3');
    it.each<[string, string, unknown]>([
      ['JSON by columns', 'application/json', { columns: wrong }],
      ['CSV', 'text/csv', csv],
      ['Arrow', ARROW, arrowOf(wrong)],
    ])('%s', async (_, type, body) => {
      expect(await faultsOf(body, type)).toEqual([422, faults]);
    });

    it('a cell that is no number, and an empty one', async () => {
      expect(await faultsOf(CSV.replace('0.5,', 'high,').replace('-0.3,0.8', ',0.8'), 'text/csv')).toEqual([
        422,
        [
          { path: 'instances[0].feature_1', expected: 'a finite number', received: 'high' },
          { path: 'instances[1].feature_1', expected: 'a finite number', received: null },
        ],
      ]);
    });

    it('columns that are missing, unknown, short, no arrays, or too many rows', async () => {
      const { feature_1, ...rest } = COLUMNS;
      expect(
        await faultsOf({ columns: { ...rest, feature_2: [1], feature_9: feature_1 } }, 'application/json'),
      ).toEqual([
        422,
        [
          { path: 'columns.feature_1', expected: 'a column of values', received: 'nothing' },
          {
            path: 'columns.feature_9',
            expected: 'absent: the fields are feature_1, feature_2, feature_3, feature_4, feature_5',
            received: 'a column of 2',
          },
          { path: 'columns.feature_2', expected: 'as long as the longest column, 2', received: 'a column of 1' },
        ],
      ]);
      expect(await faultsOf({ columns: { ...COLUMNS, feature_1: 1 }, more: 1 }, 'application/json')).toEqual([
        422,
        [
          { path: 'more', expected: 'absent: the only field is columns', received: 1 },
          { path: 'columns.feature_1', expected: 'an array of values', received: 1 },
        ],
      ]);
      expect(await faultsOf({ columns: [1] }, 'application/json')).toEqual([
        422,
        [{ path: 'columns', expected: 'an object with an array of values per field', received: 'an array of 1' }],
      ]);
      const many = Object.fromEntries(NAMES.map((name) => [name, Array<number>(21).fill(1)]));
      const tooMany = [
        422,
        [
          {
            path: 'columns',
            expected: 'columns of 1 to 20 values, by batch.maxInstances (MAX_BATCH_INSTANCES)',
            received: 'columns of 21',
          },
        ],
      ];
      expect(await faultsOf({ columns: many }, 'application/json')).toEqual(tooMany);
      expect(await faultsOf(arrowOf(many), ARROW)).toEqual(tooMany);
      expect(await faultsOf(`${CSV}${`\n${Object.values(OTHER).join(',')}`.repeat(30)}`, 'text/csv')).toEqual(tooMany);
    });

    it('a field of JSON that comes twice', async () => {
      const twice = (path: string): unknown => [
        422,
        [{ path, expected: 'there once: its object names it twice', received: 'a second value' }],
      ];
      const row = JSON.stringify(OTHER);
      const doubled = row.replace('"feature_2"', '"feature_1":5,"feature_2"');
      const json = 'application/json';
      expect(await faultsOf(`{"instances":[${row},${doubled}]}`, json)).toEqual(twice('instances[1].feature_1'));
      expect(await faultsOf(`{"instances":[${row}],"instances":[${row}]}`, json)).toEqual(twice('instances'));
      const columns = JSON.stringify(COLUMNS).replace('{', '{"feature_3":[1,2],');
      expect(await faultsOf(`{"columns":${columns}}`, json)).toEqual(twice('columns.feature_3'));
      const { status, body } = await api.post('/predict', doubled);
      expect([status, body.errors]).toEqual(twice('feature_1'));
      const escaped = await api.post('/predict', row.replace('"feature_2"', '"feature_\\u0031":5,"feature_2"'));
      expect([escaped.status, escaped.body.errors]).toEqual(twice('feature_1'));
      const [first, second, third] = linesOf((await send(`${row}\n${doubled}\n${row}`, NDJSON)).text) as any[];
      expect([first, third]).toEqual([ANSWERS[1], ANSWERS[1]]);
      expect([second.error.line, [second.error.status, second.error.errors]]).toEqual([2, twice('feature_1')]);
    });

    it('what is not of its format: 400', async () => {
      const cases: [string, string | Uint8Array, RegExp][] = [
        ['text/csv', '', /^The body is no CSV with a header: it is empty\.$/],
        ['text/csv', 'a,b\n1', /^The body is no CSV with a header: Invalid Record Length/],
        ['text/csv', 'a,a\n1,2', /^The body is no CSV with a header: it names the column "a" twice\.$/],
        [ARROW, 'nonsense and more of it', /^The body is no Arrow IPC stream of numbers: /],
        [ARROW, '', /^The body is no Arrow IPC stream of numbers: /],
        [ARROW, arrowOf(COLUMNS).subarray(0, -200), /^The body is no Arrow IPC stream of numbers: /],
        [
          ARROW,
          tableToIPC(new Table({ feature_1: vectorFromArray(['a'], new Utf8()) }), 'stream'),
          /: the column "feature_1" holds no numbers; send integers or floats\.$/,
        ],
      ];
      for (const [type, body, detail] of cases) {
        const [status, found] = (await faultsOf(body, type)) as [number, string];
        expect([type, status, found]).toEqual([type, 400, expect.stringMatching(detail)]);
      }
    });

    it('half floats are numbers too', async () => {
      const columns = { ...Object.fromEntries(NAMES.map((name) => [name, vectorFromArray(COLUMNS[name])])) };
      const body = tableToIPC(
        new Table({ ...columns, feature_4: vectorFromArray([75.5, 45], new Float16()) }),
        'stream',
      );
      expect((await send(body, ARROW, { accept: 'application/json' })).body.predictions).toEqual(ANSWERS);
    });
  });

  describe('NDJSON', () => {
    it('is answered line by line; a wrong line in its place, with its number', async () => {
      const overflowing = JSON.stringify({ ...EXAMPLE, feature_1: 1e39 });
      const wrong = JSON.stringify({ ...EXAMPLE, feature_5: 11 });
      const body = [
        JSON.stringify(EXAMPLE),
        '',
        '{"feature_1":',
        overflowing,
        wrong,
        'x'.repeat(5_000),
        JSON.stringify(OTHER),
      ];
      const { status, headers, text } = await send(body.join('\n'), NDJSON);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
      const problem = (line: number, type: string, status: number): object => ({
        error: expect.objectContaining({ line, type: `urn:skewless:problem:${type}`, status }) as object,
      });
      const lines = linesOf(text) as { error?: { errors: unknown } }[];
      expect(lines).toEqual([
        ANSWERS[0],
        problem(3, 'malformed-json', 400),
        problem(4, 'invalid-input', 422),
        problem(5, 'invalid-input', 422),
        problem(6, 'payload-too-large', 413),
        ANSWERS[1],
      ]);
      expect(lines[3].error!.errors).toEqual([
        { path: 'feature_5', expected: 'a whole number from 1 to 10', received: 11 },
      ]);
    });

    it('says in its place that it broke', async () => {
      const broken = gzipSync(`${LINES}\n`.repeat(2_000)).subarray(0, -20);
      for (const [body, line] of [
        ['no gzip', 1],
        [broken, expect.any(Number) as number],
      ] as const) {
        const { status, text } = await send(body, NDJSON, { 'content-encoding': 'gzip' });
        expect([status, linesOf(text).at(-1)]).toEqual([
          200,
          {
            error: {
              line,
              type: 'urn:skewless:problem:bad-request',
              title: 'The request cannot be read',
              status: 400,
              detail: 'The body is not in its Content-Encoding, or ended early.',
            },
          },
        ]);
      }
    });

    it('may be far over the body limit, and packed', async () => {
      const many = `${LINES}\n`.repeat(2_000);
      for (const [body, headers] of [
        [many, {}],
        [gzipSync(many), { 'content-encoding': 'gzip' }],
      ] as const) {
        const lines = linesOf((await send(body, NDJSON, headers)).text);
        expect(lines).toHaveLength(4_000);
        expect(lines.slice(-2)).toEqual(ANSWERS);
      }
    });

    it('is answered while it comes in', async () => {
      const { hostname, port } = new URL(api.url);
      const opened = request({
        hostname,
        port,
        path: '/predict/batch',
        method: 'POST',
        headers: { 'content-type': NDJSON },
      });
      const next = (stream: AsyncIterator<string>): Promise<unknown> =>
        stream.next().then(({ value }) => JSON.parse(value as string) as unknown);
      opened.write(`${JSON.stringify(EXAMPLE)}\n`);
      const response = await new Promise<AsyncIterable<string>>((resolve) =>
        opened.once('response', (answer) => resolve(answer.setEncoding('utf8') as AsyncIterable<string>)),
      );
      const answers = response[Symbol.asyncIterator]();
      expect(await next(answers)).toEqual(ANSWERS[0]);
      opened.write(`${JSON.stringify(OTHER)}\n`);
      expect(await next(answers)).toEqual(ANSWERS[1]);
      opened.end();
      expect((await answers.next()).done).toBe(true);
    });

    it('an empty stream is answered by an empty one', async () => {
      const { status, text } = await send('', NDJSON);
      expect([status, text]).toEqual([200, '']);
    });
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
