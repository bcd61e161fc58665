import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '#monitoring';
import { EXAMPLE, temporaryFolder, until } from '#testing';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from './helper/boot.js';
import { NDJSON } from './helper/batch-formats.js';
import { sampleOf } from './helper/metrics-text.js';

const folder = temporaryFolder();
const model = 'random_forest';
const NOTHING = { accepted: 0, corrected: 0, duplicate: 0, unknown: 0, too_old: 0, invalid: 0, examples: {} };
const LABEL_EXPECTED = 'a class or a number: a text of 1 to 1000 characters, a number or a boolean';
/** Of a prediction that nobody made. */
const STRANGER = '019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11';

const predict = async (api: RunningApi, rows: number): Promise<string[]> => {
  const { body } = await api.post('/predict/batch', { instances: Array<object>(rows).fill(EXAMPLE) });
  return (body.predictions as { prediction_id: string }[]).map(({ prediction_id: id }) => id);
};

describe('POST /feedback', () => {
  const store = join(folder, 'store');
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: store })));
  afterAll(() => api.close());

  it('takes labels as JSON, NDJSON and CSV, says what became of each, and counts it', async () => {
    const ids = await predict(api, 4);
    const labels = ids.slice(0, 2).map((id) => ({ prediction_id: id, label: 1, observed_at: '2026-11-29T10:00:00Z' }));
    const json = await api.post('/feedback', { labels: [...labels, { prediction_id: STRANGER, label: 0 }] });
    expect(json.status).toBe(200);
    const examples = { too_old: [STRANGER] };
    expect(json.body).toEqual({ ...NOTHING, accepted: 2, too_old: 1, examples });
    await until(async () => {
      const { text } = await api.ask('/metrics');
      return sampleOf(text, 'skewless_monitor_buffer_rows', {}) === 0;
    });
    const lines = [
      JSON.stringify({ prediction_id: ids[0], label: 0, observed_at: '2026-11-29T11:00:00Z' }),
      JSON.stringify({ prediction_id: ids[1], label: '1' }),
      '',
      'no JSON',
      JSON.stringify({ prediction_id: ids[2] }),
    ];
    expect((await api.post('/feedback', lines.join('\n'), { 'content-type': NDJSON })).body).toEqual({
      ...NOTHING,
      corrected: 1,
      duplicate: 1,
      invalid: 2,
      examples: { corrected: [ids[0]], duplicate: [ids[1]], invalid: [ids[2]] },
      errors: [
        {
          path: '',
          line: 4,
          expected: 'an object with prediction_id or external_id, and label',
          received: 'no JSON',
        },
        { path: 'label', line: 5, id: ids[2], expected: LABEL_EXPECTED, received: 'nothing' },
      ],
    });
    const csv = `prediction_id,label,observed_at\n${ids[2]},0,\n${ids[3]},1,2026-11-29T10:00:00Z\n`;
    const byCsv = await api.post('/feedback', csv, { 'content-type': 'text/csv; charset=utf-8' });
    expect(byCsv.body).toEqual({ ...NOTHING, accepted: 2 });
    const wrong = [{ prediction_id: ids[0], label: 'yes' }, 'text', { prediction_id: '7', label: 1 }];
    expect((await api.post('/feedback', { labels: wrong })).body.errors).toEqual([
      { path: 'labels[0].label', id: ids[0], expected: 'a class of random_forest:1: 0, 1', received: 'yes' },
      { path: 'labels[1]', expected: 'an object with prediction_id or external_id, and label', received: 'text' },
      { path: 'labels[2].prediction_id', id: '7', expected: 'the prediction_id of an answer, a UUID', received: '7' },
    ]);
    const lastLine = `prediction_id,label,observed_at\r\n\r\n${ids[2]},"0",\r\n${ids[3]},"a\nb",2026-11-29T10:00:00Z\r\n`;
    expect((await api.post('/feedback', lastLine, { 'content-type': 'text/csv' })).body.errors).toEqual([
      { path: 'label', line: 5, id: ids[3], expected: 'a class of random_forest:1: 0, 1', received: 'a\nb' },
    ]);
    const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
    const known = await reader.known(ids);
    expect(ids.map((id) => known.get(id)?.label)).toEqual(['0', '1', '0', '1']);

    const { text } = await api.ask('/metrics');
    const counted = (outcome: string, of = model): number | undefined =>
      sampleOf(text, 'skewless_monitor_feedback_total', { model: of, outcome });
    expect([counted('corrected'), counted('duplicate'), counted('unknown')]).toEqual([1, 2, 0]);
    expect(counted('accepted')! + (counted('accepted', '') ?? 0)).toBe(4);
    expect([counted('too_old', ''), counted('invalid', '')]).toEqual([1, 4]);
  });

  it.each<[string, string, string, number, string]>([
    ['no JSON', '{"labels":', 'application/json', 400, 'malformed-json'],
    ['another field', '{"label":1}', 'application/json', 422, 'invalid-input'],
    ['no list', '{"labels":{}}', 'application/json', 422, 'invalid-input'],
    ['no labels', '{"labels":[]}', 'application/json', 422, 'invalid-input'],
    ['a list alone', '[]', 'application/json', 422, 'invalid-input'],
    ['CSV without the right header', 'id,label\n1,2\n', 'text/csv', 400, 'bad-request'],
    ['another type', '<label/>', 'text/xml', 415, 'unsupported-media-type'],
    ['a type that objects have', 'x', 'constructor', 415, 'unsupported-media-type'],
  ])('refuses %s', async (_what, body, type, status, problem) => {
    const answer = await api.post('/feedback', body, { 'content-type': type });
    expect([answer.status, answer.body.type]).toEqual([status, `urn:skewless:problem:${problem}`]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('takes 100,000 labels at once, and not one more', async () => {
    const line = `${STRANGER},1\n`;
    const post = (rows: number) =>
      api.post('/feedback', `prediction_id,label\n${line.repeat(rows)}`, { 'content-type': 'text/csv' });
    expect((await post(100_000)).body).toMatchObject({ too_old: 100_000 });
    expect((await post(100_001)).status).toBe(422);
  });
});

it('Labels that the store does not take may be sent again, and predictions go on', async () => {
  const store = join(folder, 'is-a-file');
  writeFileSync(store, '');
  const api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: store });
  const [id] = await predict(api, 1);
  const { status, body, headers } = await api.post('/feedback', { labels: [{ prediction_id: id, label: 1 }] });
  expect([status, body.type]).toEqual([503, 'urn:skewless:problem:store-unavailable']);
  expect(headers.get('retry-after')).toBe('10');
  expect((await api.post('/predict', EXAMPLE)).status).toBe(200);
  await api.close();
});

it('Where nothing is kept, labels are told that', async () => {
  const api = await boot();
  const { status, body } = await api.post('/feedback', { labels: [{ prediction_id: STRANGER, label: 1 }] });
  expect(status).toBe(404);
  expect(body.detail).toContain('MONITOR_ENABLED');
  await api.close();
});

it('With keys, labels take the scope feedback, and no other one', async () => {
  const [predicts, labels] = [generateKey('p', ['predict']), generateKey('l', ['feedback'])];
  const api = await boot({
    API_KEYS: `${predicts.line} ${labels.line}`,
    MONITOR_ENABLED: 'true',
    MONITOR_STORE: join(folder, 'keys'),
  });
  const post = async (path: string, body: unknown, { key }: { key: string }): Promise<number> =>
    (await api.post(path, body, { authorization: `Bearer ${key}` })).status;
  const feedback = { labels: [{ prediction_id: STRANGER, label: 1 }] };
  expect(await post('/feedback', feedback, labels)).toBe(200);
  expect(await post('/feedback', feedback, predicts)).toBe(403);
  expect(await post('/predict', EXAMPLE, labels)).toBe(403);
  expect((await api.post('/feedback', feedback)).status).toBe(401);
  await api.close();
});
