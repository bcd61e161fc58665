import { boot, type RunningApi } from './helper/boot.js';
import { recordedRows } from '#testing';

const ROWS = 100_000;

describe(`A batch of ${ROWS} rows`, () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  const sound = recordedRows().filter(({ error }) => error === undefined);
  const rows = Array.from({ length: ROWS }, (_, i) => sound[i % sound.length]);
  const text = JSON.stringify({ instances: rows.map(({ input }) => input) });

  it('is answered whole and in order, and the server turns to others meanwhile', async () => {
    let under_way = true;
    const batch = api.post('/predict/batch', text).finally(() => (under_way = false));
    let probes = 0;
    for (; under_way; probes++) expect((await api.ask('/health/live')).status).toBe(200);
    const { status, body } = await batch;
    expect([status, body.count, body.predictions.length]).toEqual([200, ROWS, ROWS]);
    const wrong = rows.findIndex(({ prediction, proba }, i) => {
      const answer = body.predictions[i];
      return answer.prediction !== prediction || Math.abs(answer.probability - proba[1]) > 1e-6;
    });
    expect(wrong).toBe(-1);
    expect(probes).toBeGreaterThan(20);
  }, 600_000);

  it('is refused by its one wrong row, and by one row too many', async () => {
    const wrong = text.replace(/"feature_5":\d+\}\]\}$/, '"feature_5":11}]}');
    expect((await api.post('/predict/batch', wrong)).body.errors).toEqual([
      { path: 'instances[99999].feature_5', expected: 'a whole number from 1 to 10', received: 11 },
    ]);
    const more = text.replace(/\]\}$/, `,${JSON.stringify(rows[0].input)}]}`);
    expect((await api.post('/predict/batch', more)).body.errors).toEqual([
      {
        path: 'instances',
        expected: 'an array of 1 to 100000 instances, the limit of batch.maxInstances (MAX_BATCH_INSTANCES)',
        received: 'an array of 100001',
      },
    ]);
  }, 600_000);

  it('is told from a malformed one at the last byte', async () => {
    expect((await api.post('/predict/batch', text.slice(0, -1))).body).toMatchObject({
      status: 400,
      type: 'urn:skewless:problem:malformed-json',
    });
    expect((await api.post('/predict/batch', text.replace(/\]\}$/, ',]}'))).body).toMatchObject({ status: 400 });
  }, 600_000);
});
