import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE } from '#testing';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Sends bytes as they are and reads until the server closes. @param closes our side is closed behind them */
function sendRaw(url: string, bytes: string, closes = false): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => (closes ? socket.end(bytes) : socket.write(bytes)));
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
    socket.on('end', () => resolve(answer)).on('error', reject);
  });
}

describe('The API as an HTTP server', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '4096', MAX_BATCH_INSTANCES: '20' })));
  afterAll(() => api.close());

  const example = JSON.stringify(EXAMPLE);
  const answer = {
    prediction: 1,
    probability: 1,
    model_version: 'random_forest:1',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    prediction_id: expect.stringMatching(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ) as string,
  };
  const problem = (type: string, status: number, title: string, detail: string, more: object = {}) => ({
    type: `urn:skewless:problem:${type}`,
    title,
    status,
    detail,
    instance: '/predict',
    request_id: expect.stringMatching(UUID) as string,
    ...more,
  });

  it('answers one prediction with the four fields of the original, and 200', async () => {
    const { status, headers, body } = await api.post('/predict', EXAMPLE);
    expect([status, body]).toEqual([200, answer]);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Math.abs(Date.parse(body.timestamp) - Date.now())).toBeLessThan(60_000);
  });

  it.each(['/predict?verbose=1', '/predict/', '/PREDICT', '//predict', '/Predict//?verbose=//'])(
    'answers %s like /predict',
    async (path) => {
      const { status, headers, body } = await api.post(path, EXAMPLE);
      expect([status, body]).toEqual([200, answer]);
      expect(headers.get('x-request-id')).toMatch(UUID);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('answers a batch in order, with its count', async () => {
    const other = { ...EXAMPLE, feature_1: -0.3, feature_2: 0.8, feature_3: 0.2, feature_4: 45, feature_5: 3 };
    const { status, body } = await api.post('/predict/batch', { instances: [EXAMPLE, other] });
    expect([status, body]).toEqual([
      200,
      { predictions: [answer, { ...answer, prediction: 0, probability: 0.05 }], count: 2 },
    ]);
  });

  describe('refuses what it cannot read', () => {
    const malformed = 'The body is not valid JSON';
    it.each([
      ['a text that is no JSON', '{"feature_1": NaN}', `Unexpected token 'N', "{"feature_1": NaN}" is not valid JSON.`],
      ['nothing', '', 'The body is empty; send a JSON object.'],
      ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'The body is not UTF-8.'],
    ])('%s: 400', async (_, body, detail) => {
      const { status, body: document } = await api.post('/predict', body);
      expect([status, document]).toEqual([400, problem('malformed-json', 400, malformed, detail)]);
    });

    it('a body over the limit, announced, streamed, or packed: 413', async () => {
      const bytes = Buffer.alloc(5_000, ' ');
      const detail =
        'The body exceeds 4096 bytes, compressed or decompressed, the limit of server.bodyLimitBytes (BODY_LIMIT_BYTES); send several smaller batches.';
      const expected = problem('payload-too-large', 413, 'The body is too large', detail);
      const streamed = { method: 'POST', body: new Blob([bytes]).stream(), duplex: 'half' } as RequestInit;
      const answers = [
        await api.post('/predict', bytes),
        await api.ask('/predict', streamed),
        await api.post('/predict', gzipSync(bytes), { 'content-encoding': 'gzip' }),
      ];
      expect(answers.map(({ status, body }) => [status, body])).toEqual([
        [413, expected],
        [413, expected],
        [413, expected],
      ]);
    });

    it('another format or encoding: 415, saying what to send', async () => {
      const title = 'The format of the body is not supported';
      const form = await api.post('/predict', 'feature_1=1', { 'content-type': 'application/x-www-form-urlencoded' });
      const detail = 'Content-Type "application/x-www-form-urlencoded" is not supported here; send application/json.';
      expect([form.status, form.body]).toEqual([415, problem('unsupported-media-type', 415, title, detail)]);
      const packed = await api.post('/predict', example, { 'content-encoding': 'zstd' });
      expect([packed.status, packed.body.detail]).toEqual([
        415,
        'Content-Encoding "zstd" is not supported here; use one of: gzip, x-gzip, deflate, br.',
      ]);
    });

    it('a broken packing: 400', async () => {
      const { status, body } = await api.post('/predict', example, { 'content-encoding': 'gzip' });
      const detail = 'The body cannot be decompressed: it does not match its Content-Encoding, or it is incomplete.';
      expect([status, body]).toEqual([400, problem('bad-request', 400, 'The request cannot be read', detail)]);
    });

    it('a wrong method: 405 with Allow; an unknown path: 404', async () => {
      const put = await api.ask('/predict', { method: 'PUT', body: example });
      expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
      expect(put.body).toEqual(
        problem('method-not-allowed', 405, 'Method not allowed on this path', '/predict accepts only POST, OPTIONS.'),
      );
      expect((await api.post('/health', {})).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
      const nowhere = await api.ask('/nope?secret=1');
      const detail = 'There is no endpoint at /nope; GET / lists the endpoints.';
      expect([nowhere.status, nowhere.body]).toEqual([
        404,
        problem('not-found', 404, 'Path not found', detail, { instance: '/nope' }),
      ]);
    });

    it('two Hosts: 400, as a problem, for a proxy may believe the other one', async () => {
      for (const line of ['GET /health/live', 'POST /predict', 'GET /nothing']) {
        const text = await sendRaw(api.url, `${line} HTTP/1.1\r\nHost: a\r\nhOsT: b\r\nConnection: close\r\n\r\n`);
        expect(text).toMatch(/^HTTP\/1\.1 400 /);
        expect(text).toContain('"detail":"Send one header field Host, not several."');
      }
    });

    it.each([
      ['http://host:1/health/live', 200],
      ['HTTP://[/HEALTH//live', 200],
      ['http://host?a=1', 200],
      ['//health/live#part', 200],
      ['http://host/nothing', 404],
    ])('a whole URL or a fragment as what is asked, %s, as its path: %d', async (target, status) => {
      const text = await sendRaw(api.url, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      expect(text).toMatch(`HTTP/1.1 ${status} `);
    });

    it('HTTP/1.1 without Host: 400, as a problem; HTTP/1.0 has none', async () => {
      const request = 'POST /predict HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}';
      const refused = await sendRaw(api.url, request);
      expect(refused).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*Content-Type: application\/problem\+json/);
      const detail = 'Send the header field Host, as HTTP/1.1 requires.';
      expect(JSON.parse(refused.split('\r\n\r\n')[1])).toEqual(
        problem('bad-request', 400, 'The request cannot be read', detail),
      );
      expect(await sendRaw(api.url, 'GET /health/live HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    });

    it('bytes that are no HTTP, and headers without end: 400 and 431, as problems', async () => {
      const nonsense = await sendRaw(api.url, 'NONSENSE\r\n\r\n');
      expect(nonsense).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(JSON.parse(nonsense.split('\r\n\r\n')[1])).toEqual({
        type: 'urn:skewless:problem:bad-request',
        title: 'The request cannot be read',
        status: 400,
        detail: expect.stringMatching(/^The bytes received are not an HTTP\/1\.1 request: [^.]+\.$/) as string,
      });
      const short = await sendRaw(api.url, 'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{}', true);
      expect(JSON.parse(short.split('\r\n\r\n')[1])).toMatchObject({
        status: 400,
        detail: 'The request ended early: its body is shorter than its headers announce.',
      });
      const tunnel = await sendRaw(api.url, 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(JSON.parse(tunnel.split('\r\n\r\n')[1])).toMatchObject({
        status: 400,
        detail: 'This server is not a proxy: it does not support CONNECT.',
      });
      const endless = await sendRaw(api.url, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
      expect(endless).toMatch(
        /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n[^]*urn:skewless:problem:headers-too-large/,
      );
    });
  });

  it('mixes nothing into an answer that is on its way, whatever comes next', async () => {
    const line = `${example}\n`;
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1').setEncoding('utf8');
    const head =
      'POST /predict/batch HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-ndjson';
    socket.write(`${head}\r\n\r\n${line.length.toString(16)}\r\n${line}\r\n`);
    let text = '';
    socket.on('data', (part: string) => {
      text += part;
      socket.write('no chunk\r\n');
    });
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toHaveLength(1);
  });

  describe('is lenient where a careful server is', () => {
    it.each([
      ['no Content-Type', {}],
      ['a JSON suffix', { 'content-type': 'application/geo+json' }],
      ['a charset, which JSON does not have', { 'content-type': 'application/json; charset=utf-16' }],
      ['an Accept for something else', { 'content-type': 'application/json', accept: 'application/xml' }],
    ])('%s', async (_, headers) => {
      const { status, body } = await api.ask('/predict', {
        method: 'POST',
        headers,
        body: new TextEncoder().encode(example),
      });
      expect([status, body]).toEqual([200, answer]);
    });

    it.each([
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
    ])('a body packed with %s', async (encoding, pack) => {
      const { status, body } = await api.post('/predict', pack(example), { 'content-encoding': encoding });
      expect([status, body]).toEqual([200, answer]);
    });

    it('a byte order mark, a trailing slash, a query', async () => {
      expect((await api.post('/predict', `\ufeff${example}`)).status).toBe(200);
      expect((await api.post('/predict/', example)).status).toBe(200);
      expect((await api.post('/predict?feature_1=9', example)).body).toEqual(answer);
      expect((await api.ask('/health/')).status).toBe(200);
    });

    it('HEAD without a body; OPTIONS with Allow', async () => {
      const head = await api.ask('/health', { method: 'HEAD' });
      expect([head.status, head.text, head.headers.get('content-type')]).toEqual([
        200,
        '',
        'application/json; charset=utf-8',
      ]);
      const options = await api.ask('/predict/batch', { method: 'OPTIONS' });
      expect([options.status, options.headers.get('allow'), options.text]).toEqual([204, 'POST, OPTIONS', '']);
    });
  });

  it('answers what expects more than HTTP knows as any other request', async () => {
    const head = 'POST /predict HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: wonders';
    const text = await sendRaw(api.url, `${head}\r\nContent-Length: ${example.length}\r\n\r\n${example}`);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toEqual(answer);
  });

  describe('names each request', () => {
    it('with the id that the caller sent, also in a problem', async () => {
      const { headers, body } = await api.post('/predict', '{}', { 'x-request-id': 'order-4711' });
      expect([headers.get('x-request-id'), body.request_id]).toEqual(['order-4711', 'order-4711']);
    });

    it('with a new id where none came, or one that is not fit to be logged', async () => {
      expect((await api.ask('/')).headers.get('x-request-id')).toMatch(UUID);
      const long = await api.ask('/', { headers: { 'x-request-id': 'x'.repeat(129) } });
      expect(long.headers.get('x-request-id')).toMatch(UUID);
    });

    it('and continues its trace with a span of its own', async () => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const answered = (await api.ask('/', { headers: { traceparent } })).headers.get('traceparent');
      expect(answered).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
      expect(answered).not.toBe(traceparent);
      const broken = { traceparent: '00-00000000000000000000000000000000-00f067aa0ba902b7-01' };
      expect((await api.ask('/', { headers: broken })).headers.get('traceparent')).toBeNull();
    });
  });
});
