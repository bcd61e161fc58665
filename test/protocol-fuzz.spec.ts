import fc from 'fast-check';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE } from '#testing';

const RUNS = 500;
const NAMES = Object.keys(EXAMPLE);

const junk = fc.oneof(
  fc.jsonValue(),
  fc.double(),
  fc.bigInt().map(Number),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(null, '__proto__', -1, 2 ** 53, 1e300, [], {}, [[]], [[1], 2]),
);
const shape = fc.oneof(fc.constant([1]), fc.constant([1, 1]), fc.array(fc.integer({ min: -1, max: 3 })), junk);
const data = fc.oneof(fc.constant([1]), fc.array(fc.oneof(fc.double({ noNaN: true }), junk), { maxLength: 4 }), junk);
const datatype = fc.oneof(fc.constantFrom('FP64', 'INT64', 'FP32', 'BYTES', 'BOOL', 'UINT8', 'UINT64'), junk);
const parameters = fc.oneof(
  fc.constant(undefined),
  fc.dictionary(fc.constantFrom('binary_data_size', 'binary_data', 'x'), junk),
  junk,
);
const input = fc.oneof(
  fc.record(
    { name: fc.oneof(fc.constantFrom(...NAMES), junk), datatype, shape, data, parameters },
    { requiredKeys: [] },
  ),
  junk,
);
const sound = (name: string) => ({ name, datatype: name === 'feature_5' ? 'INT64' : 'FP64', shape: [1], data: [1] });
const inputs = fc.oneof(
  fc.array(input, { maxLength: 6 }),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), input)
    .map(([at, wrong]) => NAMES.map((name, i) => (i === at ? wrong : sound(name)))),
  junk,
);
const inference = fc.oneof(
  fc.record(
    { id: junk, inputs, outputs: fc.oneof(fc.constant(undefined), fc.array(junk), junk), parameters },
    { requiredKeys: [] },
  ),
  junk,
);

const row = fc.oneof(fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string()), junk), junk);
const invocation = fc.oneof(
  fc.record(
    {
      dataframe_split: fc.oneof(
        fc.record({ columns: fc.oneof(fc.constant(NAMES), junk), data: fc.oneof(fc.array(fc.array(junk)), junk) }),
        junk,
      ),
      dataframe_records: fc.oneof(fc.array(row), junk),
      instances: fc.oneof(fc.array(row), junk),
      inputs: fc.oneof(fc.dictionary(fc.constantFrom(...NAMES), junk), junk),
    },
    { requiredKeys: [] },
  ),
  junk,
);

describe('Whatever is sent', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  /** Either an answer or an error of the protocol's own form that blames the caller. */
  const expectSound = async (
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string>,
    error: string[],
  ) => {
    const { status, body: answer } = await api.post(path, body, headers);
    expect([200, 400]).toContain(status);
    if (status === 400) expect(Object.keys(answer as object)).toEqual(error);
  };

  it('to infer as JSON, it is answered or refused as the protocol says', async () => {
    const path = '/v2/models/random_forest/infer';
    await fc.assert(
      fc.asyncProperty(inference, (body) => expectSound(path, JSON.stringify(body) ?? '', {}, ['error'])),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('to infer in binary form, it is answered or refused as the protocol says', async () => {
    const path = '/v2/models/random_forest/infer';
    const request = fc.tuple(inference, fc.uint8Array({ maxLength: 64 }), fc.integer({ min: -3, max: 3 }));
    await fc.assert(
      fc.asyncProperty(request, ([json, binary, error]) => {
        const head = Buffer.from(JSON.stringify(json) ?? '');
        const headers = { 'inference-header-content-length': String(head.length + error) };
        return expectSound(path, Buffer.concat([head, binary]), headers, ['error']);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  it('to /invocations, it is answered or refused as MLflow does', async () => {
    const error = ['error_code', 'message'];
    await fc.assert(
      fc.asyncProperty(invocation, (body) => expectSound('/invocations', JSON.stringify(body) ?? '', {}, error)),
      { numRuns: RUNS },
    );
    const csv = { 'content-type': 'text/csv' };
    const cells = fc.array(
      fc.array(fc.oneof(fc.string(), fc.constantFrom(...NAMES, '1', '"', '\n', '')), { maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(cells, (rows) =>
        expectSound('/invocations', rows.map((r) => r.join(',')).join('\n'), csv, error),
      ),
      { numRuns: RUNS },
    );
  }, 600_000);
});
