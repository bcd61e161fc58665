import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Answer, boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE, until } from '#testing';

const SITE = 'https://shop.example';

/** Sends bytes as they are, and gives all that comes back until the server closes. */
async function exchange(api: RunningApi, ...parts: string[]): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (text: string) => (answer += text)).on('error', () => undefined);
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return answer;
}

describe('Security headers', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  const shown = (headers: Headers) =>
    Object.fromEntries(
      [...headers].filter(([name]) => /^(x-(?!request-id)|content-security|cross-origin|referrer|strict)/.test(name)),
    );

  it.each([
    ['a prediction', () => api.post('/predict', EXAMPLE)],
    ['a batch', () => api.post('/predict/batch', { instances: [EXAMPLE] })],
    ['a problem', () => api.post('/predict', {})],
    ['a probe', () => api.ask('/health/ready')],
    ['metrics', () => api.ask('/metrics')],
    ['nothing', () => api.ask('/nothing')],
    ['the document', () => api.ask('/openapi.json')],
  ])('are on %s', async (_what, ask) => {
    expect(shown((await ask()).headers)).toEqual({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each(['/docs', '/redoc'])("let the page %s run its own scripts and nobody else's", async (path) => {
    const { headers, text } = await api.ask(path);
    expect(shown(headers)).toEqual({
      'content-security-policy':
        "default-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';img-src 'self' data:;object-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';worker-src blob:",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-dns-prefetch-control': 'off',
      'x-download-options': 'noopen',
      'x-frame-options': 'DENY',
      'x-permitted-cross-domain-policies': 'none',
      'x-xss-protection': '0',
    });
    for (const [, body] of text.matchAll(/<script[^>]*>([^]*?)<\/script>/g)) expect(body.trim()).toBe('');
  });
});

describe('Pages of other sites', () => {
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: SITE, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-api-key' },
  };

  it('may not ask by default', async () => {
    const api = await boot();
    for (const answer of [
      await api.ask('/predict', preflight),
      await api.post('/predict', EXAMPLE, { origin: SITE }),
    ]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
    await api.close();
  });

  it('may ask where their origin is configured, with a key too', async () => {
    const api = await boot({ CORS_ORIGINS: `https://other.example, ${SITE}`, API_KEYS: `a:read:${'0'.repeat(64)}` });
    const { status, headers } = await api.ask('/predict', preflight);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(SITE);
    expect(headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(headers.get('access-control-allow-headers')).toContain('X-API-Key');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await api.post('/predict', EXAMPLE, { origin: SITE });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, SITE]);
    const stranger = await api.post('/predict', EXAMPLE, { origin: 'https://evil.example' });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
    await api.close();
  });

  it('may all ask with *', async () => {
    const api = await boot({ CORS_ORIGINS: '*' });
    const { status, headers } = await api.post('/predict', EXAMPLE, { origin: SITE });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    await api.close();
  });

  it.each(['shop.example', 'https://shop.example/', 'null', '*, https://shop.example'])(
    'are not "%s"',
    (CORS_ORIGINS) => expect(boot({ CORS_ORIGINS })).rejects.toThrow('must be origins such as https://example.com'),
  );
});

describe('Limits against slow and greedy clients', () => {
  it('ends requests whose header fields or body come too slowly with 408', async () => {
    const api = await boot({ HEADERS_TIMEOUT_SECONDS: '0.5', REQUEST_TIMEOUT_SECONDS: '1' });
    const slowHead = exchange(api, 'POST /predict HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    const slowBody = exchange(api, 'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{');
    expect((await api.post('/predict', EXAMPLE)).status).toBe(200);
    for (const answer of [await slowHead, await slowBody]) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(answer).toContain('"type":"urn:skewless:problem:request-timeout"');
    }
    await api.close();
  });

  it('ends answers that nobody reads, which would hold their room for ever', async () => {
    // Time enough for the body to come and to be seen in flight.
    const api = await boot({ REQUEST_TIMEOUT_SECONDS: '6' });
    const inFlight = async () => Number(/in_flight (\d+)/.exec((await api.ask('/metrics')).text)![1]);
    const body = `${Object.keys(EXAMPLE).join()}\n${`${Object.values(EXAMPLE).join()}\n`.repeat(100_000)}`;
    const head = `Host: a\r\nContent-Type: text/csv\r\nAccept: application/json\r\nContent-Length: ${body.length}`;
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1').on('error', () => undefined);
    socket.write(`POST /predict/batch HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    await once(socket, 'readable');
    expect(await inFlight()).toBe(2);
    await until(async () => (await inFlight()) === 1).finally(() => socket.destroy());
    await api.close();
  });

  it('refuses header fields over the limit', async () => {
    const api = await boot({ MAX_HEADER_BYTES: '2048' });
    const ask = (bytes: number) =>
      exchange(api, `GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ${'x'.repeat(bytes)}\r\n\r\n`);
    expect(await ask(1_900)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await ask(2_048)).toMatch(/^HTTP\/1\.1 431 /);
    await api.close();
  });

  it('closes connections that are idle, over the limit, or have had their number of requests', async () => {
    const request = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n';
    const few = await boot({ KEEP_ALIVE_SECONDS: '3600', MAX_CONNECTIONS: '2' });
    const held = [0, 1].map(() => connect(Number(new URL(few.url).port), '127.0.0.1'));
    for (const socket of held) {
      socket.write(request);
      expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect(await exchange(few, request)).toBe('');
    for (const socket of held) socket.destroy();
    await few.close();

    const brief = await boot({ KEEP_ALIVE_SECONDS: '1', MAX_REQUESTS_PER_CONNECTION: '2' });
    expect(await exchange(brief, request)).toMatch(/^HTTP\/1\.1 200 /);
    const answers = await exchange(brief, request + request);
    expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(answers).toMatch(/Connection: close/);
    await brief.close();
  });
});

describe('JSON made to be dear', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  const DEEP = '['.repeat(500_000) + ']'.repeat(500_000);
  const WIDE = `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":0`).join()}}`;

  it.each([
    ['500,000 levels', DEEP, 'The body nests more than 100 levels deep; no model input needs that.'],
    [
      '500,000 levels of instances',
      `{"instances":${DEEP}}`,
      'The body nests more than 100 levels deep; no model input needs that.',
    ],
    ['100,000 keys', WIDE, 'The body holds an object of more than 10000 fields; no model input needs that.'],
    [
      '100,000 keys in an instance',
      `{"instances":[${WIDE}]}`,
      'The body holds an object of more than 10000 fields; no model input needs that.',
    ],
  ])('is refused: %s', async (_what, body, detail) => {
    for (const path of ['/predict', '/predict/batch']) {
      const answer = await api.post(path, body);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        type: 'urn:skewless:problem:json-too-complex',
        title: 'The JSON is too deep or too wide',
        status: 400,
        detail,
        instance: path,
        request_id: expect.any(String) as string,
      });
    }
    expect((await api.post('/invocations', body)).body).toEqual({ error_code: 'BAD_REQUEST', message: detail });
  });
});

describe('Bodies that do not tell their size', () => {
  const LIMIT = 2_000;
  let api: RunningApi;
  let sockets: Socket[];
  beforeEach(async () => {
    api = await boot({ BODY_LIMIT_BYTES: String(LIMIT) });
    sockets = [];
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    return api.close();
  });

  const chunk = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

  /** Sends a body of the limit, but for its end. */
  const hold = (path: string, type: string, encoding?: 'gzip'): void => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    const body = Buffer.alloc(LIMIT, ' ');
    const bytes = encoding ? gzipSync(body) : body;
    const fields = encoding
      ? `Content-Encoding: gzip\r\nContent-Length: ${bytes.length + 1}`
      : 'Transfer-Encoding: chunked';
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${fields}\r\n\r\n`);
    socket.write(encoding ? bytes : chunk(bytes));
  };

  /** Sends such bodies until there is no room for more. @returns how the next request is refused */
  const filled = (...kind: Parameters<typeof hold>): Promise<Answer> =>
    until(async () => {
      const answer = await api.post('/predict', EXAMPLE);
      if (answer.status === 503) return answer;
      hold(...kind);
      return undefined;
    });

  it.each([
    ['in chunks', '/predict', 'application/json', undefined],
    ['in chunks', '/predict/batch', 'text/csv', undefined],
    ['in chunks', '/v2/models/random_forest/infer', 'application/json', undefined],
    ['in chunks', '/predict/batch', 'application/x-ndjson', undefined],
    ['packed', '/predict', 'application/json', 'gzip'],
  ] as const)('count by what they hold, %s: POST %s of %s', async (_how, path, type, encoding) => {
    const refused = await filled(path, type, encoding);
    expect(refused.body).toMatchObject({
      type: 'urn:skewless:problem:overloaded',
      detail: expect.stringMatching(
        /^Bodies of \d+ bytes are being received; the limit is 8 times server\.bodyLimitBytes \(BODY_LIMIT_BYTES\); retry\.$/,
      ) as string,
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    for (const socket of sockets) socket.destroy();
    await until(async () => (await api.post('/predict', EXAMPLE)).status === 200);
  });

  it('are refused midway where there is no room for more', async () => {
    await filled('/predict', 'application/json');
    const head = 'POST /predict HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await exchange(api, head, '5\r\n{    \r\n0\r\n\r\n')).toMatch(/^HTTP\/1\.1 503 [^]*Retry-After: 1\r\n/);
    const lines = head
      .replace('/predict', '/predict/batch')
      .replace('Host', 'Content-Type: application/x-ndjson\r\nHost');
    const answer = await exchange(api, lines, '5\r\n{    \r\n', '2\r\n}\n\r\n0\r\n\r\n');
    expect(answer).toMatch(/"line":1,"type":"urn:skewless:problem:(overloaded|invalid-input)"/);
  });
});
