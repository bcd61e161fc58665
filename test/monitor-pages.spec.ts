import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE, temporaryFolder } from '#testing';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type Answer, type RunningApi } from './helper/boot.js';
import { StoppedClock } from './helper/stopped-clock.js';

const folder = temporaryFolder();
const DAY = 86_400_000;
const TODAY = `${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`;
const [NOON, TOMORROW] = [Date.parse(TODAY) + DAY / 2, new Date(Date.parse(TODAY) + DAY).toISOString()];

const monitored = (name: string, environment: Record<string, string> = {}): Promise<RunningApi> =>
  boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: join(folder, name), ...environment });

describe('The pages of the monitor', () => {
  let api: RunningApi;
  let clock: StoppedClock;
  beforeAll(async () => {
    // The day does not end meanwhile.
    clock = new StoppedClock(NOON);
    // What a process has counted is in the store when it has ended.
    const first = await monitored('store');
    for (let i = 0; i < 20; i++) await first.post('/predict', EXAMPLE);
    await first.close();
    api = await monitored('store');
  });
  afterAll(async () => {
    await api.close();
    clock.giveBack();
  });

  it('have a JSON twin with what the window so far says, without an alarm', async () => {
    const { status, body, headers } = await api.ask('/monitor/random_forest?format=json');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const columns = ['feature_1', 'feature_2', 'feature_3', 'feature_4', 'feature_5'];
    expect(body).toEqual({
      model: 'random_forest',
      version: '1',
      window: { scale: '1d', from: expect.any(String), to: TOMORROW, closed: false, rows: 20 },
      status: 'too_few_rows',
      alarms: [],
      columns: columns.map((name) => ({
        name,
        status: 'too_few_rows',
        moved: expect.any(Number),
        missing: 0,
        unseen: 0,
        smallest_visible: null,
      })),
      quality: null,
      estimate: null,
      log: { rows: 20, dropped: 0, store: 'up' },
      renewal: null,
    });
    expect((await api.ask('/monitor?format=json')).body).toEqual({ models: [{ ...body, renewal: undefined }] });
  });

  it('are HTML that runs nothing of its own and loads nothing from elsewhere', async () => {
    for (const path of ['/monitor', '/monitor/random_forest', '/monitor/random_forest/columns/feature_4']) {
      const { status, text, headers } = await api.ask(path);
      expect([path, status, headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'sha256-[\w+/]+='; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
      );
      expect(text).toContain('<meta name="viewport" content="width=device-width, initial-scale=1" />');
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(text).not.toMatch(/<script(?! src="\/monitor\/assets\/refresh\.js" defer>)|style="|\son\w+="/);
      for (const [, link] of text.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
        const { status } = await api.ask(link.replaceAll('&amp;', '&'));
        expect([link, status]).toEqual([link, 200]);
      }
    }
  });

  it('have a CSV twin', async () => {
    const columns = (await api.ask('/monitor/random_forest?format=csv')).text.split('\r\n');
    expect(columns[0]).toBe('name,status,moved,missing,unseen,smallest_visible');
    expect(columns[1]).toMatch(/^feature_1,too_few_rows,0\.\d+,0,0,$/);
    expect(columns).toHaveLength(7);
    const cells = await api.ask('/monitor/random_forest/columns/feature_4?format=csv');
    expect(cells.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(cells.text).toMatch(/^cell,baseline_rows,baseline,rows,now\r\nmissing,0,0,0,0\r\n/);
    expect((await api.ask('/monitor?format=csv')).text.split('\r\n')[1]).toMatch(
      /^random_forest,1,1d,.*,false,20,too_few_rows,0,{12}$/,
    );
  });

  it('tell all that was asked of a column', async () => {
    const { body } = await api.ask('/monitor/random_forest/columns/feature_4?format=json');
    expect(body).toMatchObject({ model: 'random_forest', version: '1', name: 'feature_4', status: 'too_few_rows' });
    expect(Object.keys(body.distances)).toEqual([
      'population_stability',
      'kolmogorov_smirnov',
      'jensen_shannon',
      'wasserstein',
    ]);
    const rows = (body.cells as { rows: number }[]).reduce((sum, cell) => sum + cell.rows, 0);
    expect(rows).toBe(20);
  });

  it('are not sent again while they say the same', async () => {
    const path = '/monitor/random_forest?format=json&window=7d';
    const { headers } = await api.ask(path);
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await api.ask(path, { headers: { 'if-none-match': headers.get('etag')! } });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await api.ask(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('show the window that ends where it is asked', async () => {
    const { body } = await api.ask(`/monitor/random_forest?format=json&to=${TODAY}`);
    expect(body.window).toMatchObject({ to: TODAY, rows: 0, closed: true });
  });

  it.each([
    ['/monitor/nothing', 404, 'model-not-found', 'There is no model "nothing"; there are: random_forest.'],
    [
      '/monitor/random_forest/columns/nothing',
      404,
      'not-found',
      'The model random_forest has no column "nothing"; /monitor/random_forest lists them.',
    ],
    ['/monitor?window=2d', 400, 'bad-request', 'The parameter window is "2d"; it can be 1h, 1d, 7d, 28d.'],
    ['/monitor?format=xml', 400, 'bad-request', 'The parameter format is "xml"; it can be html, json, csv.'],
    [
      '/monitor?format=csv&format=csv',
      400,
      'bad-request',
      'The parameter format is given twice; it can be html, json, csv.',
    ],
    [
      '/monitor/random_forest?to=yesterday',
      400,
      'bad-request',
      'The parameter to is not a UTC time such as 2026-11-28 or 2026-11-28T14:00:00Z.',
    ],
  ])('refuse %s', async (path, status, type, detail) => {
    const answer = await api.ask(path);
    expect([answer.status, answer.body]).toEqual([
      status,
      expect.objectContaining({ type: `urn:skewless:problem:${type}`, detail }),
    ]);
  });
});

it('a store that cannot be read is told on the page, which is there all the same', async () => {
  writeFileSync(join(folder, 'is-a-file'), '');
  const api = await monitored('is-a-file');
  expect((await api.post('/predict', EXAMPLE)).status).toBe(200);
  const { status, text } = await api.ask('/monitor/random_forest');
  expect([status, text.includes('The store cannot be read')]).toEqual([200, true]);
  expect((await api.ask('/monitor/random_forest?format=json')).body.log.store).toBe('down');
  const column = await api.ask('/monitor/random_forest/columns/feature_4');
  expect([column.status, column.body.type]).toEqual([503, 'urn:skewless:problem:store-unavailable']);
  rmSync(join(folder, 'is-a-file'));
  await api.close();
});

describe('In a server with keys', () => {
  const keys = (['read', 'predict'] as const).map((scope) => generateKey(`${scope}er`, [scope]));
  const basic = (password: string): RequestInit => ({
    headers: { authorization: `Basic ${Buffer.from(`anyone:${password}`).toString('base64')}` },
  });
  let api: RunningApi;
  beforeAll(async () => (api = await monitored('keys', { API_KEYS: keys.map(({ line }) => line).join(' ') })));
  afterAll(() => api.close());

  const asked = async (path: string, init?: RequestInit): Promise<[number, string | null]> => {
    const { status, headers }: Answer = await api.ask(path, init);
    return [status, headers.get('www-authenticate')];
  };
  const CHALLENGE = 'Basic realm="skewless", charset="UTF-8", Bearer realm="skewless"';

  it('the key is the password of HTTP Basic, on these pages only', async () => {
    const [{ key: reading }, { key: predicting }] = keys;
    expect(await asked('/monitor')).toEqual([401, CHALLENGE]);
    expect(await asked('/monitor', basic('wrong'))).toEqual([401, `${CHALLENGE}, error="invalid_token"`]);
    expect(await asked('/monitor', basic(reading))).toEqual([200, null]);
    expect(await asked('/monitor', { headers: { authorization: `Bearer ${reading}` } })).toEqual([200, null]);
    expect(await asked('/monitor', { headers: { 'x-api-key': reading } })).toEqual([200, null]);
    expect((await asked('/monitor/random_forest', basic(predicting)))[0]).toBe(403);
    expect(await asked('/models', basic(reading))).toEqual([401, 'Bearer realm="skewless"']);
    expect(await asked('/monitor/assets/refresh.js')).toEqual([200, null]);
  });
});

it('are not there where they are turned off or nothing is kept, and say so', async () => {
  const off = await boot({ MONITOR_PAGE: 'false' });
  for (const path of ['/monitor', '/monitor/random_forest', '/monitor/random_forest/columns/feature_1']) {
    expect(await off.ask(path)).toMatchObject({
      status: 404,
      body: { detail: 'This server shows no monitoring pages: monitor.page (MONITOR_PAGE) is false.' },
    });
  }
  await off.close();
  const idle = await boot();
  expect((await idle.ask('/monitor')).body.detail).toBe(
    'This server keeps no predictions: monitor.enabled (MONITOR_ENABLED) is false.',
  );
  await idle.close();
});
