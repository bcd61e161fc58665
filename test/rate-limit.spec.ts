import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot } from './helper/boot.js';
import { EXAMPLE, until } from '#testing';
import { ServerProcess } from './helper/server-process.js';

const limitOf = ({ headers }: { headers: Headers }) => [headers.get('ratelimit-policy'), headers.get('ratelimit')];
const POLICY = '"default";q=2;w=60';
/** Seconds until the window ends, which the test does not choose. */
const left = (remaining: number): unknown => expect.stringMatching(`^"default";r=${remaining};t=([1-9]|[1-5]\\d|60)$`);

describe('Rate limits', () => {
  afterEach(() => ServerProcess.killAll());

  it('are off by default', async () => {
    const api = await boot();
    expect(limitOf(await api.post('/predict', EXAMPLE))).toEqual([null, null]);
    await api.close();
  });

  it('give a caller so many requests, tell how many are left, and then refuse', async () => {
    const api = await boot({ RATE_LIMIT_REQUESTS: '2' });
    const [first, second, third] = [
      await api.post('/predict', EXAMPLE),
      await api.post('/predict', {}),
      await api.post('/predict', EXAMPLE),
    ];
    expect([first.status, second.status, third.status]).toEqual([200, 422, 429]);
    expect([first, second, third].map(limitOf)).toEqual([
      [POLICY, left(1)],
      [POLICY, left(0)],
      [POLICY, left(0)],
    ]);
    const wait = third.headers.get('retry-after')!;
    expect(wait).toBe(/t=(\d+)/.exec(third.headers.get('ratelimit')!)![1]);
    expect(third.body).toEqual({
      type: 'urn:skewless:problem:too-many-requests',
      title: 'Too many requests from this caller',
      status: 429,
      detail: `The limit is 2 requests in 60 seconds, set by rateLimit.requests (RATE_LIMIT_REQUESTS) and rateLimit.seconds (RATE_LIMIT_SECONDS); retry in ${wait} seconds.`,
      instance: '/predict',
      request_id: expect.any(String) as string,
    });
    for (const path of ['/health/live', '/health/ready', '/', '/docs', '/openapi.json']) {
      expect((await api.ask(path)).status).toBe(200);
    }
    await api.close();
  });

  it('begin again with the next window', async () => {
    const api = await boot({ RATE_LIMIT_REQUESTS: '1', RATE_LIMIT_SECONDS: '1' });
    const status = async (): Promise<number> => (await api.post('/predict', EXAMPLE)).status;
    expect(await status()).toBe(200);
    await until(async () => (await status()) === 429);
    await until(async () => (await status()) === 200);
    await api.close();
  });

  it('count by key, not by address', async () => {
    const keys = ['a', 'b'].map((id) => generateKey(id, ['predict']));
    const api = await boot({ RATE_LIMIT_REQUESTS: '1', API_KEYS: keys.map(({ line }) => line).join(' ') });
    const ask = async (key: string) => (await api.post('/predict', EXAMPLE, { 'x-api-key': key })).status;
    expect([await ask(keys[0].key), await ask(keys[0].key), await ask(keys[1].key)]).toEqual([200, 429, 200]);
    await api.close();
  });

  it('believe X-Forwarded-For only as far as proxies are trusted', async () => {
    const ask = async (environment: Record<string, string>) => {
      const api = await boot({ RATE_LIMIT_REQUESTS: '1', ...environment });
      const statuses = [];
      for (const forwarded of ['192.0.2.1', '192.0.2.1', '192.0.2.2', 'made-up, 192.0.2.2']) {
        statuses.push((await api.post('/predict', EXAMPLE, { 'x-forwarded-for': forwarded })).status);
      }
      await api.close();
      return statuses;
    };
    expect(await ask({})).toEqual([200, 429, 429, 429]);
    expect(await ask({ TRUSTED_PROXIES: '1' })).toEqual([200, 429, 200, 429]);
  });

  it('take an address however a proxy writes it, and nonsense for one caller', async () => {
    const api = await boot({ RATE_LIMIT_REQUESTS: '2', TRUSTED_PROXIES: '1' });
    const ask = async (forwarded: string) =>
      (await api.post('/predict', EXAMPLE, { 'x-forwarded-for': forwarded })).status;
    expect([await ask('192.0.2.1:1'), await ask('192.0.2.1:2'), await ask('192.0.2.1')]).toEqual([200, 200, 429]);
    expect([await ask('[2001:db8::1]:1'), await ask('2001:db8::2'), await ask('[2001:db8::3]:2')]).toEqual([
      200, 200, 429,
    ]);
    expect([await ask('1:2:3:4:5:6:7:8::1:2'), await ask('x'), await ask('y')]).toEqual([200, 200, 429]);
    await api.close();
  });

  it('count what browsers ask before they ask, where other sites may ask or not', async () => {
    for (const CORS_ORIGINS of ['https://shop.example', undefined]) {
      const api = await boot({ RATE_LIMIT_REQUESTS: '2', ...(CORS_ORIGINS && { CORS_ORIGINS }) });
      const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
      const statuses = [];
      for (let i = 0; i < 3; i++) statuses.push((await api.ask('/predict', { method: 'OPTIONS', headers })).status);
      expect(statuses).toEqual([204, 204, 429]);
      await api.close();
    }
  });

  it('hold for all workers together', async () => {
    const server = await ServerProcess.ready(['--workers', '2'], { RATE_LIMIT_REQUESTS: '10' });
    await server.until(() => server.pids.length === 2);
    const body = JSON.stringify(EXAMPLE);
    const statuses = [];
    for (let i = 0; i < 30; i++) statuses.push((await server.ask('/predict', { body })).status);
    expect(statuses).toEqual([...Array<number>(10).fill(200), ...Array<number>(20).fill(429)]);
  });
});
