import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { writeAliases } from '#bundle';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { PROBLEM_EXAMPLES } from '../apps/api/src/problem/problem-examples.js';
import type { ProblemType } from '../apps/api/src/problem/problem-types.js';
import { type Answer, boot, type RunningApi } from './helper/boot.js';
import { answerFaults, type Operation, OPERATIONS } from './helper/documented.js';
import { temporaryFolder, writeTinyBundle } from '#testing';

const empty = temporaryFolder();
const damaged = temporaryFolder();
const several = temporaryFolder();
const stores = temporaryFolder();
const reads = generateKey('reader', ['read']);
const predicts = generateKey('shop', ['predict']);

let open: RunningApi;
let small: RunningApi;
let keyed: RunningApi;
let bare: RunningApi;
let broken: RunningApi;
let undecided: RunningApi;
let limited: RunningApi;
beforeAll(async () => {
  const monitored = (store: string) => ({ MONITOR_ENABLED: 'true', MONITOR_STORE: join(stores, store) });
  open = await boot(monitored('open'));
  small = await boot({ BODY_LIMIT_BYTES: '1024', ...monitored('small') });
  keyed = await boot({ API_KEYS: `${reads.line} ${predicts.line}` });
  bare = await boot({ MODELS_DIR: empty });
  await writeTinyBundle(damaged, { name: 'random_forest' });
  truncateSync(join(damaged, 'random_forest/1/model.onnx'), 8);
  broken = await boot({ MODELS_DIR: damaged });
  for (const version of ['1', '2']) await writeTinyBundle(several, { name: 'random_forest', version });
  await writeAliases(several, 'random_forest', { champion: '2' });
  await writeTinyBundle(several, { name: 'letters' });
  undecided = await boot({ MODELS_DIR: several });
  limited = await boot({ RATE_LIMIT_REQUESTS: '1', RATE_LIMIT_SECONDS: '3600' });
});
afterAll(() => Promise.all([open, small, keyed, bare, broken, undecided, limited].map((api) => api.close())));

const posts = OPERATIONS.filter(({ method }) => method === 'POST');
const guarded = OPERATIONS.filter(({ security }) => security);
const name = ({ operationId }: Operation): string => operationId;

/** The example of a body, as it is sent. */
function bodyOf({ requestBody }: Operation, type: string): string {
  const { example, examples } = requestBody?.content[type] ?? {};
  const value = example ?? Object.values(examples ?? {})[0]?.value ?? {};
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const JSON_BODY = 'application/json';
const row = bodyOf(
  OPERATIONS.find(({ path }) => path === '/predict/batch')!,
  'application/x-ndjson',
);

/** Asks an operation with its documented example; `{model}` and `{version}` are those of the shipped model. */
async function ask(
  api: RunningApi,
  operation: Operation,
  {
    type = JSON_BODY,
    body = operation.requestBody?.content[type]?.example || operation.requestBody?.content[type]?.examples
      ? bodyOf(operation, type)
      : row,
    model = 'random_forest',
    headers = {},
  }: { type?: string; body?: string; model?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const path = operation.path.replace('{model}', model).replace('{version}', '1').replace('{column}', 'feature_1');
  const { method } = operation;
  if (method === 'GET') return api.ask(path, { headers });
  return api.ask(path, { method, headers: { 'content-type': type, ...headers }, body });
}

describe('Every operation of the OpenAPI document answers as documented', () => {
  it('there are operations, each with a name of its own that a client author would choose', () => {
    const names = OPERATIONS.map(name);
    expect(names.length).toBeGreaterThan(30);
    expect(new Set(names).size).toBe(names.length);
    for (const one of names) expect(one).toMatch(/^(get|list|predict|infer|invoke|ping|send)([A-Z][A-Za-z0-9]*)?$/);
  });

  it('demands only path parameters that the path has, and all of them', () => {
    for (const { path, parameters } of OPERATIONS) {
      const declared = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
      expect([path, declared]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one)]);
    }
  });

  it.each(OPERATIONS.map((one) => [name(one), one] as const))('%s: to a good request', async (_, operation) => {
    for (const type of Object.keys(operation.requestBody?.content ?? { [JSON_BODY]: {} })) {
      if (type === 'application/vnd.apache.arrow.stream') continue; // no text; test/formats/answers.spec.ts sends it
      const answer = await ask(open, operation, { type });
      expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
      expect(answerFaults(operation, answer)).toEqual([]);
    }
  });

  it.each(OPERATIONS.map((one) => [name(one), one] as const))('%s: while no model serves', async (_, operation) => {
    for (const api of [bare, broken]) expect(answerFaults(operation, await ask(api, operation))).toEqual([]);
  });

  it.each(OPERATIONS.map((one) => [name(one), one] as const))(
    '%s: without a default model, and to a version that no alias names',
    async (_, operation) => expect(answerFaults(operation, await ask(undecided, operation))).toEqual([]),
  );

  it.each(OPERATIONS.filter(({ path }) => path.includes('{model}')).map((one) => [name(one), one] as const))(
    '%s: to a model that is not there',
    async (_, operation) => {
      const answer = await ask(open, operation, { model: 'no_such_model' });
      expect(answer.status).toBe(404);
      expect(answerFaults(operation, answer)).toEqual([]);
    },
  );

  it.each(posts.map((one) => [name(one), one] as const))('%s: to bodies that are not read', async (_, operation) => {
    const bad: Parameters<typeof ask>[2][] = [
      { headers: { 'content-encoding': 'zstd' } },
      { headers: { 'content-encoding': 'gzip' } },
      { type: 'text/unknown' },
      { type: 'multipart/form-data' },
      { body: 'nonsense' },
      { body: '' },
      { body: '[1]' },
      { body: '{"instances":[{}],"columns":{}}' },
      { body: '{"inputs":[{"name":"x","datatype":"FP64","shape":[1],"data":[1]}]}' },
      { headers: { accept: 'image/png' } },
    ];
    for (const fault of bad) expect(answerFaults(operation, await ask(open, operation, fault))).toEqual([]);
    const tooLarge = await ask(small, operation, { body: ' '.repeat(2_048) });
    expect(tooLarge.status).toBe(413);
    expect(answerFaults(operation, tooLarge)).toEqual([]);
  });

  it.each(guarded.map((one) => [name(one), one] as const))('%s: to who may not ask', async (_, operation) => {
    const none = await ask(keyed, operation);
    // A listing is posted, yet read.
    const isRead = operation.method === 'GET' || operation.operationId === 'listRepository';
    const other = await ask(keyed, operation, { headers: { 'x-api-key': isRead ? predicts.key : reads.key } });
    expect(none.status).toBe(401);
    expect(answerFaults(operation, none)).toEqual([]);
    expect(other.status).toBe(403);
    expect(answerFaults(operation, other)).toEqual([]);
  });

  it.each(guarded.map((one) => [name(one), one] as const))('%s: to who asks too often', async (_, operation) => {
    await ask(limited, operation);
    const again = await ask(limited, operation);
    expect(again.status).toBe(429);
    expect(answerFaults(operation, again)).toEqual([]);
  });
});

describe('The examples of problems', () => {
  const predict = { method: 'POST', headers: { 'content-type': JSON_BODY } };
  const wrong = `{"feature_1":0.5,"feature_2":1.2,"feature_3":-0.3,"feature_4":150,"feature_5":"5"}`;
  const asked: Partial<Record<ProblemType, () => Promise<Answer>>> = {
    'bad-request': () =>
      open.ask('/predict', { ...predict, headers: { ...predict.headers, 'content-encoding': 'gzip' }, body: 'x' }),
    'malformed-json': () => open.ask('/predict', { ...predict, body: '' }),
    'json-too-complex': () => open.ask('/predict', { ...predict, body: '['.repeat(300_000) }),
    unauthorized: () => keyed.ask('/predict', { ...predict, body: row }),
    forbidden: () => keyed.ask('/predict', { ...predict, headers: { 'x-api-key': reads.key }, body: row }),
    'model-not-found': () => open.ask('/models/random_forrest'),
    'not-found': () => open.ask('/predictions'),
    'method-not-allowed': () => open.ask('/predict'),
    'not-acceptable': () =>
      open.ask('/predict/batch', { ...predict, headers: { ...predict.headers, accept: 'image/png' }, body: row }),
    'payload-too-large': () => open.ask('/predict', { ...predict, body: ' '.repeat(33_554_433) }),
    'unsupported-media-type': () =>
      open.ask('/predict', { ...predict, headers: { ...predict.headers, 'content-encoding': 'zstd' }, body: row }),
    'range-not-satisfiable': () => open.ask('/docs/swagger-ui.css', { headers: { range: 'bytes=99999999-' } }),
    'precondition-failed': () => open.ask('/docs/swagger-ui.css', { headers: { 'if-match': '"other"' } }),
    'invalid-input': () => open.ask('/predict', { ...predict, body: wrong }),
  };

  it.each(Object.entries(asked))('are what is answered: %s', async (type, request) => {
    const { body } = await request();
    expect(body).toMatchObject({ type: `urn:skewless:problem:${type}`, ...PROBLEM_EXAMPLES[type as ProblemType] });
  });
});
