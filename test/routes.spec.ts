import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { pino } from 'pino';
import { loadConfig } from '#config';
import { EXAMPLE, until } from '#testing';
import { createApp } from '../apps/api/src/create-app.js';
import { AccessLog } from '../apps/api/src/logging/access-log.js';
import { createLogging } from '../apps/api/src/logging/create-logging.js';
import { RouteTable } from '../apps/api/src/routes/route-table.js';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type Answer, type RunningApi } from './helper/boot.js';
import { sampleOf } from './helper/metrics-text.js';

/** A request; what stands in braces is a name, in which case counts. */
type Asked = readonly [method: string, path: string, body?: unknown];

const INVALID = { ...EXAMPLE, feature_1: 'no number' };
const OVERFLOWING = { ...EXAMPLE, feature_1: 1e300 };

/** Each kind of route: what it takes, how its errors read, and whether it is a probe; and paths without a route. */
const ASKED: readonly Asked[] = [
  ['GET', '/'],
  ['GET', '/health'],
  ['GET', '/health/live'],
  ['HEAD', '/health/ready'],
  ['GET', '/health/other'],
  ['GET', '/ping'],
  ['POST', '/ping'],
  ['GET', '/version'],
  ['GET', '/model/info'],
  ['GET', '/models/{random_forest}'],
  ['GET', '/models/{nothing}'],
  ['POST', '/predict', EXAMPLE],
  ['POST', '/predict', INVALID],
  ['POST', '/predict', OVERFLOWING],
  ['PUT', '/predict', EXAMPLE],
  ['OPTIONS', '/predict'],
  ['POST', '/predict/batch', { instances: [EXAMPLE, OVERFLOWING] }],
  ['POST', '/models/{random_forest}/predict', EXAMPLE],
  ['POST', '/models/{random_forest}/predict/batch', { instances: [OVERFLOWING] }],
  ['POST', '/models/{random_forest}/versions/{1}/predict', INVALID],
  ['POST', '/invocations', { dataframe_records: [EXAMPLE] }],
  ['POST', '/invocations', {}],
  ['GET', '/v2'],
  ['GET', '/v2/health/ready'],
  ['GET', '/v2/models/stats'],
  ['GET', '/v2/models/{random_forest}/ready'],
  ['GET', '/v2/models/{nothing}/versions/{1}/ready'],
  ['POST', '/v2/models/{random_forest}/infer', {}],
  ['POST', '/v2/repository/index', {}],
  ['POST', '/v2/repository/models/{nothing}/load', {}],
  ['GET', '/v2/repository/models/{nothing}/load'],
  ['DELETE', '/v2/nothing'],
  ['GET', '/nothing'],
  ['POST', '/nothing/at/all', {}],
  ['GET', '/docs/swagger-ui.css'],
  ['GET', '/docs/nothing.css'],
  ['GET', '/redoc'],
  ['GET', '/openapi.json'],
];
/** An error in any of the three formats. */
interface Told {
  readonly detail?: string;
  readonly error?: string;
  readonly message?: string;
  readonly errors?: unknown;
}

const CANONICAL = (path: string): string => path.replaceAll(/[{}]/g, '');

/** The same path with other letters' case, doubled slashes, or slashes at its end. */
const variantOf = (path: string): fc.Arbitrary<string> => {
  const segments = path.split('/').filter(Boolean);
  const each = fc.array(fc.record({ slashes: fc.constantFrom('/', '//', '///'), upper: fc.constantFrom(0, 1, 99) }), {
    minLength: segments.length,
    maxLength: segments.length,
  });
  const cased = (text: string, upper: number): string =>
    text[0] === '{' ? text.slice(1, -1) : text.slice(0, upper).toUpperCase() + text.slice(upper);
  return fc.tuple(each, fc.constantFrom('', '/', '//')).map(([how, end]) => {
    const start = segments.map((segment, i) => how[i].slashes + cased(segment, how[i].upper)).join('');
    return start === '' && end === '' ? '/' : start + end;
  });
};

/** Every operation of the API and what it takes: whoever adds a route decides here. */
const SCOPES: Readonly<Record<string, string>> = {
  'GET /': 'open',
  'GET /health': 'open',
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /health/startup': 'open',
  'GET /ping': 'open',
  'GET /version': 'open',
  'GET /metrics': 'read',
  'GET /model/info': 'read',
  'GET /models': 'read',
  'GET /models/{model}': 'read',
  'GET /models/{model}/versions/{version}': 'read',
  'GET /monitor': 'read',
  'GET /monitor/{model}': 'read',
  'GET /monitor/{model}/columns/{column}': 'read',
  'POST /models/{model}/predict': 'predict',
  'POST /models/{model}/predict/batch': 'predict',
  'POST /models/{model}/versions/{version}/predict': 'predict',
  'POST /models/{model}/versions/{version}/predict/batch': 'predict',
  'POST /models/random_forest/predict': 'predict',
  'POST /models/random_forest/predict/batch': 'predict',
  'POST /predict': 'predict',
  'POST /predict/batch': 'predict',
  'POST /invocations': 'predict',
  'GET /v2': 'read',
  'GET /v2/health/live': 'open',
  'GET /v2/health/ready': 'open',
  'GET /v2/models/stats': 'read',
  'GET /v2/models/{model}': 'read',
  'GET /v2/models/{model}/ready': 'open',
  'GET /v2/models/{model}/stats': 'read',
  'GET /v2/models/{model}/versions/{version}': 'read',
  'GET /v2/models/{model}/versions/{version}/ready': 'open',
  'GET /v2/models/{model}/versions/{version}/stats': 'read',
  'POST /feedback': 'feedback',
  'POST /v2/models/{model}/infer': 'predict',
  'POST /v2/models/{model}/versions/{version}/infer': 'predict',
  'POST /v2/repository/index': 'read',
};

describe('Routes', () => {
  const keys = [
    undefined,
    ...(['predict', 'read', 'admin'] as const).map((scope) => generateKey(`has-${scope}`, [scope])),
  ];
  const lines: { request_id: string; level: string; status: number }[] = [];
  let api: RunningApi;

  beforeAll(async () => {
    const sink = { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) };
    const access = new AccessLog(sink, pino({ level: 'debug' }, sink));
    const API_KEYS = keys.flatMap((key) => (key ? [key.line] : [])).join(' ');
    api = await boot({ API_KEYS }, { logger: pino({ level: 'silent' }), access, droppedLines: () => 0 });
  });
  afterAll(() => api.close());

  let asked = 0;
  const ask = async ([method, , body]: Asked, path: string, key: string | undefined) => {
    const id = `r-${asked++}`;
    const headers = { 'x-request-id': id, ...(key && { authorization: `Bearer ${key}` }) };
    const json = body === undefined ? undefined : JSON.stringify(body);
    const answer = await api.ask(path, {
      method,
      body: json,
      headers: json === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    });
    const { level } = await until(() => lines.find((line) => line.request_id === id));
    return { ...toldBy(answer), level };
  };

  /** An answer without what differs between two requests, and without the path as it was asked. */
  const toldBy = ({ status, headers, text }: Answer) => {
    const type = headers.get('content-type');
    const isProblem = type?.includes('json') === true && status >= 400 && text !== '';
    const problem = isProblem ? (JSON.parse(text) as Told) : {};
    const detail = problem.detail ?? problem.error ?? problem.message ?? '';
    const told = detail.replaceAll(/\/\S*/g, (path) => path.toLowerCase().replace(/\/+(?=;?$)/, ''));
    return { status, type, allow: headers.get('allow'), fields: Object.keys(problem), errors: problem.errors, told };
  };

  it.each(ASKED.map((request) => [request] as const))(
    'are the same for %j, however its letters and slashes are written',
    async (request) => {
      for (const key of keys) {
        const expected = await ask(request, CANONICAL(request[1]), key?.key);
        await fc.assert(
          fc.asyncProperty(variantOf(request[1]), async (path) => {
            expect([path, await ask(request, path, key?.key)]).toEqual([path, expected]);
          }),
          { numRuns: 4, examples: [[CANONICAL(request[1]).replaceAll(/^\/|\/$/g, '//')]] },
        );
      }
    },
  );

  it.each([
    ['POST', '//predict', '/predict'],
    ['POST', '/PREDICT/', '/predict'],
    ['GET', '/v2//models/random_forest/ready', '/v2/models/:model/ready'],
    ['GET', '/HEALTH//live/', '/health/live'],
    ['GET', '//Docs/Swagger-UI.css/', '/docs/:file'],
    ['GET', '//nothing/', 'other'],
  ])('%s %s counts as %s', async (method, path, route) => {
    const counted = async (status: string): Promise<number> => {
      const { text } = await api.ask('/metrics', { headers: { authorization: `Bearer ${keys[2]!.key}` } });
      return sampleOf(text, 'skewless_http_request_duration_seconds_count', { method, route, status }) ?? 0;
    };
    const { status } = await ask([method, path], path, undefined);
    const before = await until(() => counted(String(status)));
    await ask([method, path], path, undefined);
    expect(await until(async () => (await counted(String(status))) - before)).toBe(1);
  });

  it.each([
    ['/HEALTH/live/', 200],
    ['//ping', 200],
    ['/v2//health/live', 200],
    ['/V2/models/random_forest/ready/', 200],
    ['/REDOC/', 200],
    ['//model/info', 401],
    ['/Metrics//', 401],
    ['//nothing', 401],
  ])('answer %s without a key: %d', async (path, status) => expect((await api.ask(path)).status).toBe(status));

  it.each([
    ['/predict', [OVERFLOWING], 'feature_1'],
    ['/predict/batch', { instances: [EXAMPLE, OVERFLOWING] }, 'instances[1].feature_1'],
    ['//PREDICT//BATCH/', { instances: [EXAMPLE, OVERFLOWING] }, 'instances[1].feature_1'],
  ] as const)('%s names where a value stands that is too large', async (path, body, place) => {
    const answer = await api.post(path, Array.isArray(body) ? body[0] : body, {
      authorization: `Bearer ${keys[1]!.key}`,
    });
    expect([answer.status, answer.body.errors.map((fault: { path: string }) => fault.path)]).toEqual([422, [place]]);
  });

  it('take what is decided here, for every operation of openapi.json', () => {
    const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, object> };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    const table = api.app.get(RouteTable);
    const scopes = operations.map(([method, path]) => [`${method} ${path}`, table.match(method, path).scope]);
    expect(Object.fromEntries(scopes)).toEqual(SCOPES);
  });

  it('do not boot where one was mounted of which nothing is known', async () => {
    const logging = createLogging({ level: 'silent', format: 'json' });
    const app = await createApp(loadConfig({ PORT: '0', GRPC_ENABLED: 'false' }), logging);
    app.getHttpAdapter().get('/secret', () => undefined);
    await expect(app.init()).rejects.toThrow(
      'GET /secret is mounted without a scope: let its module add it to the RouteTable',
    );
    await app.close();
  });

  it('are probes where orchestrators ask, and logged at debug', async () => {
    const levels = new Map<string, string>();
    for (const path of [
      '/health',
      '/health/ready',
      '/ping',
      '/v2/health/ready',
      '/v2/models/x/ready',
      '/version',
      '/',
    ]) {
      levels.set(path, (await ask(['GET', path], path, undefined)).level);
    }
    expect(Object.fromEntries(levels)).toEqual({
      '/health': 'debug',
      '/health/ready': 'debug',
      '/ping': 'debug',
      '/v2/health/ready': 'debug',
      '/v2/models/x/ready': 'debug',
      '/version': 'info',
      '/': 'info',
    });
  });
});
