import { type Answer, boot, type RunningApi } from './helper/boot.js';
import { type RecordedExchange, recordedExchanges, recordedRows } from '#testing';

/** The original rounds to 4 decimals, and sums in float64 where ONNX Runtime sums in float32. */
const ROUNDED = 6e-5;

/** Requests that the original answered although they were wrong: strings and booleans as numbers, NaN, no rows, a field
 * twice. */
const NOT_SANE = ['f5_string_int', 'f1_string_num', 'f1_true', 'f1_NaN', 'batch_empty', 'duplicate_key'];

/** Below what one process admits at once. */
const AT_ONCE = 250;

describe('What the original system answered', () => {
  let api: RunningApi;
  const exchanges = recordedExchanges();
  const named = (wanted: (name: string, exchange: RecordedExchange) => boolean): string[] =>
    Object.keys(exchanges).filter((name) => wanted(name, exchanges[name]));
  const replay = (name: string) => {
    const { method, path, headers, body } = exchanges[name].request;
    return api.ask(path, { method, headers, body: body === null ? undefined : new TextEncoder().encode(body) });
  };

  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  const sane = named(
    (name, { status, request }) => status === 200 && request.method === 'POST' && !NOT_SANE.includes(name),
  );

  it('is a recording with 18 sane predictions', () => expect(sane).toHaveLength(18));

  it.each(sane)('%s: the same prediction, the same probability', async (name) => {
    const { status, body } = await replay(name);
    const expected = JSON.parse(exchanges[name].body) as { predictions?: object[] };
    const strip = ({ prediction, probability }: any) => ({ prediction, probability });
    const [got, want] = [body.predictions ?? [body], expected.predictions ?? [expected]].map((all) => all.map(strip));
    expect(status).toBe(200);
    expect(got).toHaveLength(want.length);
    got.forEach((row: any, i: number) => {
      expect(row.prediction).toBe(want[i].prediction);
      expect(Math.abs(row.probability - want[i].probability)).toBeLessThan(ROUNDED);
    });
  });

  it.each(named((_, { status }) => status === 500))(
    '%s: the original failed with 500, here it is a 4xx',
    async (name) => {
      const { status, headers, body } = await replay(name);
      expect(status).toBe(
        name.includes('NaN') || name.endsWith('_Infinity') || name.includes('_-Infinity') ? 400 : 422,
      );
      expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(body.status).toBe(status);
    },
  );

  it.each(
    named((name, { status, request }) => status === 422 || (NOT_SANE.includes(name) && request.method === 'POST')),
  )('%s: refused with every fault, as a problem document', async (name) => {
    const { status, body } = await replay(name);
    expect([400, 415, 422]).toContain(status);
    expect(body.type).toMatch(/^urn:skewless:problem:(malformed-json|unsupported-media-type|invalid-input)$/);
  });

  it('keeps the fields of the information routes', async () => {
    const original = (name: string) => JSON.parse(exchanges[name].body) as Record<string, unknown>;
    const { version, endpoints, ...root } = original('root');
    const { timestamp, ...health } = original('health');
    expect([typeof version, typeof timestamp]).toEqual(['string', 'string']);
    expect((await replay('root')).body).toMatchObject({ ...root, version: '0.1.0' });
    expect((await replay('root')).body.endpoints).toMatchObject(endpoints as object);
    expect((await replay('health')).body).toMatchObject(health);
    expect((await replay('model_info')).body).toMatchObject(original('model_info'));
  });

  it('answers every recorded row over HTTP, singly and as one batch', async () => {
    const rows = recordedRows();
    const sound = rows.filter(({ error }) => error === undefined);
    expect([rows.length, sound.length]).toEqual([1_500, 1_482]);

    const singles: Answer[] = [];
    for (let i = 0; i < rows.length; i += AT_ONCE) {
      const some = rows.slice(i, i + AT_ONCE);
      singles.push(...(await Promise.all(some.map(({ input }) => api.post('/predict', input)))));
    }
    rows.forEach(({ error, prediction, proba }, i) => {
      expect(singles[i].status).toBe(error === undefined ? 200 : 422);
      if (error !== undefined) return;
      expect(singles[i].body.prediction).toBe(prediction);
      expect(Math.abs(singles[i].body.probability - proba[1])).toBeLessThan(1e-6);
    });

    const batch = await api.post('/predict/batch', { instances: sound.map(({ input }) => input) });
    expect(batch.body.count).toBe(sound.length);
    sound.forEach(({ prediction, proba }, i) => {
      expect(batch.body.predictions[i].prediction).toBe(prediction);
      expect(Math.abs(batch.body.predictions[i].probability - proba[1])).toBeLessThan(1e-6);
    });
  });
});
