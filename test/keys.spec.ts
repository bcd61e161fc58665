import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE, temporaryFolder, until } from '#testing';
import { runNode } from './helper/run-node.js';
import { ServerProcess } from './helper/server-process.js';

const CREATE = 'dist/apps/api/src/security/keys/create-key.js';
const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
const apiKey = (key: string): Record<string, string> => ({ 'x-api-key': key });
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

const unauthorized = (instance: string, detail: string) => ({
  type: 'urn:skewless:problem:unauthorized',
  title: 'Authentication required or invalid',
  status: 401,
  detail,
  instance,
  request_id: UUID,
});
const NONE = 'Send "Authorization: Bearer <key or token>", or "X-API-Key: <key>".';
const OF_FILE = 'security.keysFile (API_KEYS_FILE)';
const INVALID = 'The API key is invalid or has been revoked.';

describe('With API keys', () => {
  const predicts = generateKey('shop', ['predict']);
  const reads = generateKey('ops', ['read']);
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ API_KEYS: `${predicts.line} ${reads.line}` })));
  afterAll(() => api.close());

  it('refuses who shows none, and says how', async () => {
    const { status, headers, body } = await api.post('/predict', EXAMPLE);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="skewless"');
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toEqual(unauthorized('/predict', NONE));
  });

  it.each([
    ['an unknown key', bearer('skl_unknown')],
    ['an unknown key in X-API-Key', apiKey('skl_unknown')],
    ['the hash in place of the key', bearer(predicts.line.split(':')[2])],
    ['the whole line', apiKey(predicts.line)],
    ['a key with a byte more', bearer(`${predicts.key}x`)],
    ['a key with a byte less', bearer(predicts.key.slice(0, -1))],
    ['a key in the wrong case', bearer(predicts.key.toUpperCase())],
  ])('refuses %s', async (_what, headers) => {
    const answer = await api.post('/predict', EXAMPLE, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="skewless", error="invalid_token"');
    expect(answer.body).toEqual(unauthorized('/predict', INVALID));
  });

  it.each([
    ['Basic credentials', { authorization: 'Basic abc' }],
    ['an empty header', { 'x-api-key': '' }],
    ['no key behind Bearer', { authorization: 'Bearer' }],
  ])('takes %s for none', async (_what, headers) => {
    expect((await api.post('/predict', EXAMPLE, headers)).body).toEqual(unauthorized('/predict', NONE));
  });

  it.each([bearer(predicts.key), apiKey(predicts.key), { authorization: `bearer  ${predicts.key}` }])(
    'answers who shows a key with the scope: %p',
    async (headers) => {
      expect((await api.post('/predict', EXAMPLE, headers)).status).toBe(200);
      expect((await api.post('/predict/batch', { instances: [EXAMPLE] }, headers)).status).toBe(200);
    },
  );

  it('refuses a key without the scope, and names it', async () => {
    const { status, headers, body } = await api.post('/predict', EXAMPLE, bearer(reads.key));
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toBe(
      'Bearer realm="skewless", error="insufficient_scope", scope="predict"',
    );
    expect(body).toEqual({
      type: 'urn:skewless:problem:forbidden',
      title: 'The key or token lacks the required scope',
      status: 403,
      detail: 'This requires the scope predict; the key or token has: read.',
      instance: '/predict',
      request_id: UUID,
    });
    for (const path of ['/model/info', '/metrics']) {
      expect((await api.ask(path, { headers: bearer(reads.key) })).status).toBe(200);
      expect((await api.ask(path, { headers: bearer(predicts.key) })).status).toBe(403);
      expect((await api.ask(path)).status).toBe(401);
    }
  });

  it('tells callers without a key nothing about paths', async () => {
    expect((await api.ask('/nothing')).status).toBe(401);
    expect((await api.ask('/Model/Info')).status).toBe(401);
    expect((await api.post('/PREDICT', EXAMPLE)).status).toBe(401);
  });

  it.each(['/', '/health', '/health/live', '/health/ready', '/health/startup', '/docs', '/redoc', '/openapi.json'])(
    'leaves %s open',
    async (path) => {
      expect((await api.ask(path)).status).toBe(200);
    },
  );

  it('refuses before it reads the body', async () => {
    const body = 'x'.repeat(40_000_000);
    const answer = await api.post('/predict', body).catch((error: Error) => error);
    if (!(answer instanceof Error)) expect(answer.status).toBe(401);
    expect((await api.post('/predict', 'x', { 'content-type': 'text/plain' })).status).toBe(401);
  });
});

describe('Admin routes', () => {
  const load = '/v2/repository/models/random_forest/load';

  const NEEDS_KEY =
    'need a key of scope admin, and this server has no keys: set security.keysFile (API_KEYS_FILE), or jwt.jwksUrl (JWT_JWKS_URL) for tokens';

  it('do not exist without keys, and say what opens them', async () => {
    const api = await boot();
    const rollouts = `Rollouts and renewals over HTTP ${NEEDS_KEY}. On the server's machine, npx skewless rollout and npx skewless renew need none.`;
    for (const path of ['rollout', 'rollout/promote', 'renew'].map((end) => `/models/random_forest/${end}`)) {
      const { status, headers, body } = await api.post(path, {});
      expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
      expect(body).toMatchObject({ type: 'urn:skewless:problem:not-found', detail: rollouts, instance: path });
    }
    expect((await api.ask('//Models/random_forest/Rollout/')).body.detail).toBe(rollouts);
    const loading = `Loading and unloading ${NEEDS_KEY}. Or move aliases with npx skewless models promote on the server's machine: the server follows.`;
    for (const path of [load, load.replace('/load', '/unload')]) {
      expect(await api.post(path, {})).toMatchObject({ status: 404, body: { error: loading } });
    }
    const { paths } = (await api.ask('/openapi.json')).body as { paths: object };
    expect(Object.keys(paths).filter((path) => /repository\/models|rollout|renew/.test(path))).toEqual([]);
    await api.close();
  });

  it('take the scope admin, which no other one includes', async () => {
    const [admin, others] = [generateKey('root', ['admin']), generateKey('ops', ['predict', 'read'])];
    const api = await boot({ API_KEYS: `${admin.line} ${others.line}` });
    expect((await api.post(load, {})).status).toBe(401);
    expect((await api.post(load, {}, bearer(others.key))).status).toBe(403);
    expect((await api.post(load, {}, bearer(admin.key))).status).toBe(200);
    expect((await api.post('/predict', EXAMPLE, bearer(admin.key))).status).toBe(403);
    await api.close();
  });
});

describe('A file of keys', () => {
  const file = join(temporaryFolder(), 'keys.txt');

  it('is read again when it changes; several keys are valid at once, and of bad lines the good ones count', async () => {
    const old = generateKey('shop', ['predict']);
    const next = generateKey('shop', ['predict']);
    writeFileSync(file, `# the shop\n${old.line}\n`);
    const api = await boot({ API_KEYS_FILE: file });
    const status = async ({ key }: { key: string }) => (await api.post('/predict', EXAMPLE, bearer(key))).status;
    const replace = (text: string): void => {
      writeFileSync(`${file}.new`, text);
      renameSync(`${file}.new`, file);
    };
    expect([await status(old), await status(next)]).toEqual([200, 401]);

    replace(`${old.line}\n${next.line}\n`);
    await until(async () => (await status(next)) === 200);
    expect(await status(old)).toBe(200);

    replace(`${next.line}\n`);
    await until(async () => (await status(old)) === 401);
    expect(await status(next)).toBe(200);

    replace(`${old.line}\nnot a key\n`);
    await until(async () => (await status(next)) === 401);
    expect(await status(old)).toBe(200);
    replace(`not a key\n${next.line}\nb:write:${'0'.repeat(64)}\n`);
    await until(async () => (await status(old)) === 401);
    expect(await status(next)).toBe(200);

    replace('');
    await until(async () => (await status(next)) === 401);
    await api.close();
  });

  it.each([
    ['', `${OF_FILE}: ${file} holds no key; create one with "npm run keys -- create"`],
    [
      'skl_secret',
      `${OF_FILE}: ${file}, line 1: is not a key; expected id:scope[,scope]:sha256, the hash in lower-case hexadecimal, as "npm run keys -- create" prints it`,
    ],
    [
      `#\na:write:${'0'.repeat(64)}`,
      `${OF_FILE}: ${file}, line 2: names an unknown scope; the scopes are predict, feedback, read, admin`,
    ],
  ])('stops the boot when it is %j', async (text, reason) => {
    writeFileSync(file, text);
    await expect(boot({ API_KEYS_FILE: file })).rejects.toThrow(new Error(reason));
  });

  it('lets a server boot with a bad line beside a good one', async () => {
    const { key, line } = generateKey('shop', ['predict']);
    writeFileSync(file, `not a key\n${line}\n`);
    const api = await boot({ API_KEYS_FILE: file });
    expect((await api.post('/predict', EXAMPLE, bearer(key))).status).toBe(200);
    expect((await api.post('/predict', EXAMPLE)).status).toBe(401);
    await api.close();
  });

  it('stops the boot when it is not there', async () => {
    await expect(boot({ API_KEYS_FILE: '/nowhere/keys' })).rejects.toThrow(
      new Error(`${OF_FILE}: /nowhere/keys does not exist`),
    );
  });

  it('stops the boot when it is a pipe, which nobody waits for; as a public key of models does', async () => {
    const pipe = `${file}-pipe`;
    spawnSync('mkfifo', [pipe]);
    const wrong = `${pipe} is not a regular file`;
    await expect(boot({ API_KEYS_FILE: pipe })).rejects.toThrow(new Error(`${OF_FILE}: ${wrong}`));
    await expect(boot({ MODELS_PUBLIC_KEY: pipe })).rejects.toThrow(
      new Error(`models.publicKey (MODELS_PUBLIC_KEY): ${wrong}`),
    );
  });
});

describe('npm run keys', () => {
  const file = join(temporaryFolder(), 'keys.txt');
  const run = (...args: string[]) => runNode([CREATE, ...args]);

  it('makes a key that a server accepts', async () => {
    const { status, stdout, stderr } = run('create', '--scope', 'predict,read', '--id', 'shop', '--file', file);
    expect([status, stderr]).toEqual([0, '']);
    const key = stdout.trim();
    expect(key).toMatch(/^skl_[\w-]{43}$/);
    expect(readFileSync(file, 'utf8')).toMatch(/^shop:predict,read:[0-9a-f]{64}\n$/);
    expect(readFileSync(file, 'utf8')).not.toContain(key);
    const api = await boot({ API_KEYS_FILE: file });
    expect((await api.post('/predict', EXAMPLE, bearer(key))).status).toBe(200);
    expect((await api.ask('/model/info', { headers: bearer(key) })).status).toBe(200);
    await api.close();
  });

  it('prints key and line', () => {
    const { status, stdout } = run('create', '--scope', 'admin', '--scope', 'read');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^key: {2}skl_[\w-]{43}\nline: admin-read-\d{4}-\d\d-\d\d:admin,read:[0-9a-f]{64}\n$/);
  });

  it.each([
    [['create'], '--scope is missing'],
    [['create', '--scope', 'write'], '"write" is not a scope; the scopes are predict, feedback, read, admin'],
    [['create', '--scope', 'read', '--id', 'a b'], '--id takes 1 to 64 letters, digits, dots, dashes and underscores'],
    [['make'], 'the only command is: create'],
  ])('refuses %j', (args, reason) => {
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(`error: ${reason}\n`);
  });
});

describe('The log', () => {
  afterEach(() => ServerProcess.killAll());

  it('names who asked, and holds no key, header, query or body', async () => {
    const { key, line } = generateKey('shop', ['predict']);
    const server = await ServerProcess.ready([], { API_KEYS: line, LOG_LEVEL: 'trace' });
    const body = JSON.stringify({ ...EXAMPLE, feature_1: 'secret-in-body', 'secret-field': 1 });
    const url = `http://127.0.0.1:${server.port}`;
    const headers = {
      'content-type': 'application/json',
      ...bearer(key),
      cookie: 'secret-cookie',
      'x-other': 'secret-header',
    };
    const ask = (path: string, init: RequestInit) => fetch(url + path, init).then((response) => response.text());
    await ask('/predict?token=secret-query', { method: 'POST', headers, body });
    await ask('/predict', { method: 'POST', headers, body: '{"feature_1": secret-json' });
    await ask('/predict', { method: 'POST', headers: { 'x-api-key': 'secret-key' }, body });
    await ask('/metrics', { headers: { authorization: 'Bearer secret-token' } });
    const requests = () => server.lines.filter(({ msg }) => msg === 'request');
    await server.until(() => requests().filter(({ path }) => path !== '/health/ready').length === 4);
    expect(
      requests()
        .filter(({ path }) => path === '/predict')
        .map(({ status, caller }) => [status, caller]),
    ).toEqual([
      [422, 'shop'],
      [400, 'shop'],
      [401, undefined],
    ]);
    for (const text of ['secret', key, line.split(':')[2]]) expect(server.stdout + server.stderr).not.toContain(text);
  });
});
