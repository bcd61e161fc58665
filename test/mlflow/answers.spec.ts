import { gzipSync } from 'node:zlib';
import { recordedRows, temporaryFolder, type TinyBundle, writeTinyBundle } from '#testing';
import { boot, type RunningApi } from '../helper/boot.js';
import { NAMES as COLUMNS, ROWS } from '../helper/two-rows.js';

const VALUES = ROWS.map((row) => Object.values(row));

describe("MLflow's scoring protocol", () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  const invoke = (body: unknown, type = 'application/json') => api.post('/invocations', body, { 'content-type': type });
  const csv = (text: string) => invoke(text, 'text/csv');

  describe('POST /invocations answers', () => {
    it.each<[string, unknown]>([
      ['dataframe_split', { dataframe_split: { columns: COLUMNS, data: VALUES } }],
      ['dataframe_split with its columns last', { dataframe_split: { data: VALUES, columns: COLUMNS } }],
      ['dataframe_split with its index', { dataframe_split: { columns: COLUMNS, index: [7, 9], data: VALUES } }],
      [
        'dataframe_split with its columns in another order',
        {
          dataframe_split: { columns: [...COLUMNS].reverse(), data: VALUES.map((row) => [...row].reverse()) },
        },
      ],
      ['dataframe_records', { dataframe_records: ROWS }],
      ['instances', { instances: ROWS }],
      [
        'inputs by column',
        { inputs: Object.fromEntries(COLUMNS.map((name, c) => [name, VALUES.map((row) => row[c])])) },
      ],
      ['inputs by row', { inputs: ROWS }],
      ['params beside the input', { dataframe_records: ROWS, params: { temperature: 0.5 } }],
    ])('%s', async (_format, body) => {
      const { status, headers, text } = await invoke(body);
      expect([status, headers.get('content-type'), text]).toEqual([
        200,
        'application/json; charset=utf-8',
        '{"predictions":[1,0]}',
      ]);
    });

    it.each([
      ['plain', `${COLUMNS.join(',')}\n${VALUES.map((row) => row.join(',')).join('\n')}\n`],
      [
        'with the index that pandas writes',
        `,${COLUMNS.join(',')}\n0,${VALUES[0].join(',')}\n1,${VALUES[1].join(',')}\n`,
      ],
      [
        'of Windows, quoted, with a byte order mark',
        `\uFEFF"${COLUMNS.join('","')}"\r\n"${VALUES[0].join('","')}"\r\n${VALUES[1].join(',')}`,
      ],
      ['with integers written as floats', `${COLUMNS.join(',')}\n0.5,1.2,-0.3,7.55e1,5.0\n-0.3,0.8,.2,45.,3\n`],
    ])('text/csv %s', async (_kind, text) => {
      expect(await csv(text)).toMatchObject({ status: 200, text: '{"predictions":[1,0]}' });
    });

    it('a body without Content-Type, packed, and with a charset', async () => {
      const body = JSON.stringify({ dataframe_records: ROWS });
      const bare = await fetch(`${api.url}/invocations`, { method: 'POST', body: Buffer.from(body) });
      expect([bare.status, await bare.text()]).toEqual([200, '{"predictions":[1,0]}']);
      const packed = await api.post('/invocations', gzipSync(body), { 'content-encoding': 'gzip' });
      expect(packed.text).toBe('{"predictions":[1,0]}');
      expect((await invoke(body, 'application/json; charset=UTF-8')).text).toBe('{"predictions":[1,0]}');
    });

    it('what the original answered, in every format', async () => {
      const rows = recordedRows()
        .filter(({ error }) => error === undefined)
        .slice(0, 1_000);
      const expected = { predictions: rows.map(({ prediction }) => prediction) };
      const data = rows.map(({ input }) => COLUMNS.map((name) => input[name]));
      expect((await invoke({ dataframe_split: { columns: COLUMNS, data } })).body).toEqual(expected);
      expect((await csv([COLUMNS, ...data].map((row) => row.join(',')).join('\n'))).body).toEqual(expected);
    });
  });

  it('GET /ping answers an empty line, GET /version the version', async () => {
    const ping = await api.ask('/ping');
    expect([ping.status, ping.headers.get('content-type'), ping.text]).toEqual([
      200,
      'text/plain; charset=utf-8',
      '\n',
    ]);
    const version = await api.ask('/version');
    expect([version.status, version.headers.get('content-type'), version.text]).toEqual([
      200,
      'text/plain; charset=utf-8',
      '0.1.0',
    ]);
  });
});

describe('Another model behind /invocations', () => {
  const models = temporaryFolder();
  let tiny: TinyBundle;
  let api: RunningApi;
  beforeAll(async () => {
    tiny = await writeTinyBundle(models);
    api = await boot({ MODELS_DIR: models });
  });
  afterAll(() => api.close());

  it('answers its labels, and takes null, NaN and empty cells in nullable columns', async () => {
    const expected = `{"predictions":${JSON.stringify(tiny.rows.map(({ prediction }) => prediction))}}`;
    const inputs = tiny.rows.map(({ input }) => input);
    expect((await api.post('/invocations', { dataframe_records: inputs })).text).toBe(expected);
    const python = JSON.stringify({ dataframe_records: inputs }).replaceAll('null', 'NaN');
    expect(python).toContain(':NaN');
    expect((await api.post('/invocations', python)).text).toBe(expected);
    const columns = Object.keys(inputs[0]);
    const lines = [columns, ...inputs.map((input) => columns.map((name) => input[name] ?? ''))];
    const csv = await api.post('/invocations', lines.map((line) => line.join(',')).join('\n'), {
      'content-type': 'text/csv',
    });
    expect(csv.text).toBe(expected);
  });

  it('is described with examples that work', async () => {
    const { content } = (await api.ask('/openapi.json')).body.paths['/invocations'].post.requestBody;
    for (const { value } of Object.values<any>(content['application/json'].examples)) {
      expect((await api.post('/invocations', value)).status).toBe(200);
    }
    expect((await api.post('/invocations', content['text/csv'].example, { 'content-type': 'text/csv' })).status).toBe(
      200,
    );
  });
});

describe('Without a model', () => {
  const empty = temporaryFolder();
  it('/ping and /invocations answer 503 TEMPORARILY_UNAVAILABLE', async () => {
    const api = await boot({ MODELS_DIR: empty });
    const error = {
      error_code: 'TEMPORARILY_UNAVAILABLE',
      message: expect.stringContaining('contains no model') as string,
    };
    const ping = await api.ask('/ping');
    expect([ping.status, ping.headers.get('retry-after'), ping.body]).toEqual([503, '1', error]);
    const invocation = await api.post('/invocations', { dataframe_records: ROWS });
    expect([invocation.status, invocation.body]).toEqual([503, error]);
    await api.close();
  });
});
