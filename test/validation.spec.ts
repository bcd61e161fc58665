import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE } from '#testing';

describe('Validation', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ MAX_BATCH_INSTANCES: '300' })));
  afterAll(() => api.close());

  const ABSENT = 'absent: the fields are feature_1, feature_2, feature_3, feature_4, feature_5';
  const faultsOf = async (path: string, body: unknown) => {
    const { status, body: document } = await api.post(path, body);
    expect(status).toBe(422);
    expect(document).toMatchObject({ type: 'urn:skewless:problem:invalid-input', status: 422 });
    return document.errors as { path: string; expected: string; received: unknown }[];
  };

  it('tells all faults of a request at once: where, what was expected, what came', async () => {
    const { body } = await api.post(
      '/predict',
      '{"feature_1":"0.5","feature_2":true,"feature_3":1e400,"feature_4":100.00000000000001,"feature_6":[],"__proto__":null}',
    );
    expect(body).toEqual({
      type: 'urn:skewless:problem:invalid-input',
      title: "The input does not match the model's schema",
      status: 422,
      detail: 'feature_1 must be a finite number; 6 more faults, see errors.',
      instance: '/predict',
      request_id: expect.any(String) as string,
      errors: [
        { path: 'feature_1', expected: 'a finite number', received: '0.5' },
        { path: 'feature_2', expected: 'a finite number', received: true },
        { path: 'feature_3', expected: 'a finite number', received: 'Infinity, a number beyond the range of a double' },
        { path: 'feature_4', expected: 'a finite number from 0 to 100', received: 100.00000000000001 },
        { path: 'feature_5', expected: 'a whole number from 1 to 10', received: 'nothing' },
        { path: 'feature_6', expected: ABSENT, received: 'an array of 0' },
        { path: '__proto__', expected: ABSENT, received: null },
      ],
    });
  });

  it.each([
    ['feature_5', 5.5, 'a whole number from 1 to 10', 5.5],
    ['feature_5', 0, 'a whole number from 1 to 10', 0],
    ['feature_5', 11, 'a whole number from 1 to 10', 11],
    ['feature_5', false, 'a whole number from 1 to 10', false],
    ['feature_4', -1e-9, 'a finite number from 0 to 100', -1e-9],
    ['feature_1', null, 'a finite number', null],
    ['feature_1', {}, 'a finite number', 'an object'],
    ['feature_1', 'x'.repeat(200), 'a finite number', `${'x'.repeat(100)}...`],
  ])('refuses %s = %j', async (path, value, expected, received) => {
    expect(await faultsOf('/predict', { ...EXAMPLE, [path]: value })).toEqual([{ path, expected, received }]);
  });

  it.each([
    ['feature_5', 5.0],
    ['feature_4', 0],
    ['feature_4', 100],
    ['feature_1', -0],
    ['feature_1', 5e-324],
    ['feature_3', 3e38],
  ])('accepts %s = %d', async (path, value) => {
    expect((await api.post('/predict', { ...EXAMPLE, [path]: value })).status).toBe(200);
  });

  it('answers a value whose feature overflows float32 by naming the raw value', async () => {
    expect(await faultsOf('/predict', { ...EXAMPLE, feature_1: 1e20 })).toEqual([
      {
        path: 'feature_1',
        expected: 'a number for which the feature feature_1_squared fits in float32 (magnitude at most 3.4028235e38)',
        received: 1e20,
      },
    ]);
  });

  it('names the row and field of every fault of a batch', async () => {
    const instances = [EXAMPLE, { ...EXAMPLE, feature_4: 101 }, null, { ...EXAMPLE, feature_5: '5' }];
    expect(await faultsOf('/predict/batch', { instances })).toEqual([
      { path: 'instances[1].feature_4', expected: 'a finite number from 0 to 100', received: 101 },
      {
        path: 'instances[2]',
        expected: 'an object with feature_1, feature_2, feature_3, feature_4, feature_5',
        received: null,
      },
      { path: 'instances[3].feature_5', expected: 'a whole number from 1 to 10', received: '5' },
    ]);
    const overflowing = [EXAMPLE, { ...EXAMPLE, feature_2: 1e30 }, { ...EXAMPLE, feature_1: -1e200 }];
    const paths = (await faultsOf('/predict/batch', { instances: overflowing })).map(({ path }) => path);
    expect(paths).toEqual(['instances[1].feature_2', 'instances[2].feature_1']);
  });

  it('lists 100 faults at most, and says how many there are', async () => {
    const { body } = await api.post('/predict/batch', {
      instances: Array(60).fill({ ...EXAMPLE, feature_4: -1, feature_5: 0 }),
    });
    expect(body.errors).toHaveLength(100);
    expect([body.errors[99].path, body.errors_total]).toEqual(['instances[49].feature_5', 120]);
    expect(body.detail).toBe(
      'instances[0].feature_4 must be a finite number from 0 to 100; 119 more faults, see errors.',
    );
  });

  it.each([
    [
      '{}',
      'instances',
      'an array of 1 to 300 instances, the limit of batch.maxInstances (MAX_BATCH_INSTANCES)',
      'nothing',
    ],
    [
      '{"instances":[]}',
      'instances',
      'an array of 1 to 300 instances, the limit of batch.maxInstances (MAX_BATCH_INSTANCES)',
      'an array of 0',
    ],
    [
      '{"instances":{}}',
      'instances',
      'an array of 1 to 300 instances, the limit of batch.maxInstances (MAX_BATCH_INSTANCES)',
      'an object',
    ],
    ['[]', '', 'an object with instances', 'an array of 0'],
    ['null', '', 'an object with instances', null],
  ])('refuses the batch %s', async (body, path, expected, received) => {
    expect(await faultsOf('/predict/batch', body)).toEqual([{ path, expected, received }]);
  });

  it('refuses a batch of one row too many, and a field beside the instances', async () => {
    const one = {
      path: 'instances',
      expected: 'an array of 1 to 300 instances, the limit of batch.maxInstances (MAX_BATCH_INSTANCES)',
      received: 'an array of 301',
    };
    expect(await faultsOf('/predict/batch', { instances: Array(301).fill(EXAMPLE) })).toEqual([one]);
    expect((await api.post('/predict/batch', { instances: Array(300).fill(EXAMPLE) })).body.count).toBe(300);
    expect(await faultsOf('/predict/batch', { instances: [EXAMPLE], parameters: {} })).toEqual([
      { path: 'parameters', expected: 'absent: the only field is instances', received: 'an object' },
    ]);
  });

  it('fails one row of a turn without failing the others', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? { ...EXAMPLE, feature_1: 1e30 } : EXAMPLE));
    const statuses = (await Promise.all(rows.map((row) => api.post('/predict', row)))).map(({ status }) => status);
    expect(statuses).toEqual(rows.map((_, i) => (i % 4 === 0 ? 422 : 200)));
  });

  it('refuses what is made to break parsers before it is parsed', async () => {
    const complex = async (body: string): Promise<unknown> => {
      const { status, body: document } = await api.post('/predict', body);
      return [status, document.type, document.detail];
    };
    const type = 'urn:skewless:problem:json-too-complex';
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    for (const body of [deep, `{"feature_1":${deep}}`]) {
      expect(await complex(body)).toEqual([400, type, expect.stringContaining('nests more than 100 levels deep')]);
    }
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
    expect(await complex(JSON.stringify(fields(100_000)))).toEqual([
      400,
      type,
      expect.stringContaining('holds an object of more than 10000 fields'),
    ]);
    const { body } = await api.post('/predict', { ...EXAMPLE, ...fields(9_000) });
    expect([body.status, body.errors.length, body.errors_total]).toEqual([422, 100, 9_000]);
  });
});
