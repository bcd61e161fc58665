import type { ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { boot, type RunningApi } from './helper/boot.js';
import { OPERATIONS, validatorOf } from './helper/documented.js';
import { EXAMPLE } from '#testing';

const BODIES = 10_000;
const AT_ONCE = 50;

/** Validators of every documented answer of a POST route, by status. */
function documentedAnswers(path: string): Map<number, ValidateFunction> {
  const operation = OPERATIONS.find((one) => one.method === 'POST' && one.path === path)!;
  return new Map(
    Object.entries(operation.responses).map(([status, { content }]) => [
      Number(status),
      validatorOf(operation, Number(status), Object.keys(content!)[0])!,
    ]),
  );
}

const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 25, 50, 75, 100, 1e20, -1e38, 3.5e38, 1e200, 5e-324, Number.MAX_VALUE),
);
const value = fc.oneof(
  { arbitrary: number, weight: 4 },
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.bigInt().map(Number),
);
const instance = fc.oneof(
  fc.record({
    feature_1: number,
    feature_2: number,
    feature_3: number,
    feature_4: fc.double({ min: 0, max: 100, noNaN: true }),
    feature_5: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record(
    { feature_1: value, feature_2: value, feature_3: value, feature_4: value, feature_5: value },
    { requiredKeys: [] },
  ),
  fc.dictionary(
    fc.oneof(fc.string(), fc.constantFrom(...Object.keys(EXAMPLE), '__proto__', 'constructor', 'toString')),
    value,
  ),
  fc.jsonValue(),
);
const text = fc.oneof(
  instance.map((body) => JSON.stringify(body)),
  fc.oneof(fc.array(instance, { maxLength: 20 }), fc.jsonValue()).map((instances) => JSON.stringify({ instances })),
  fc
    .tuple(
      instance.map((body) => JSON.stringify(body)),
      fc.nat(200),
      fc.string(),
    )
    .map(([json, at, noise]) => json.slice(0, at) + noise + json.slice(at)),
  fc.constantFrom(
    '{"feature_1":1e400}',
    '{"feature_1":NaN}',
    `{"feature_1":1${'0'.repeat(400)}}`,
    '[',
    '"',
    '\ud800',
    '',
  ),
);
const body = fc.oneof(
  { arbitrary: text.map((json) => Buffer.from(json)), weight: 9 },
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

describe(`${BODIES} random bodies`, () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  it('get documented answers, never a 5xx, and leave the server as it was', async () => {
    const routes = ['/predict', '/predict/batch'].map((path) => ({ path, documented: documentedAnswers(path) }));
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(body, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        fc.infiniteStream(fc.nat(1)),
        async (bodies, which) => {
          const answers = await Promise.all(
            bodies.map(async (bytes) => {
              const route = routes[which.next().value as number];
              return { route, answer: await api.post(route.path, bytes) };
            }),
          );
          for (const { route, answer } of answers) {
            const validate = route.documented.get(answer.status);
            if (answer.status >= 500 || !validate?.(answer.body)) {
              throw new Error(`${route.path}: ${answer.status} ${answer.text} ${JSON.stringify(validate?.errors)}`);
            }
            seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
          }
        },
      ),
      { numRuns: BODIES / AT_ONCE, endOnFailure: true },
    );
    expect([...seen.keys()].sort()).toEqual([200, 400, 422]);
    const { status, body: answer } = await api.post('/predict', EXAMPLE);
    expect([status, answer.prediction]).toEqual([200, 1]);
  }, 600_000);
});
