import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { EXAMPLE } from '#testing';
import { ANSWERS, LINES, linesOf, NDJSON } from '../helper/batch-formats.js';
import { boot, type RunningApi } from '../helper/boot.js';
import { OTHER } from '../helper/two-rows.js';

describe('Formats of a batch', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '4096', MAX_BATCH_INSTANCES: '20' })));
  afterAll(() => api.close());

  const send = (body: unknown, type: string, headers: Record<string, string> = {}) =>
    api.post('/predict/batch', body, { 'content-type': type, ...headers });

  describe('NDJSON', () => {
    it('is answered line by line; a wrong line in its place, with its number', async () => {
      const overflowing = JSON.stringify({ ...EXAMPLE, feature_1: 1e39 });
      const wrong = JSON.stringify({ ...EXAMPLE, feature_5: 11 });
      const body = [
        JSON.stringify(EXAMPLE),
        '',
        '{"feature_1":',
        overflowing,
        wrong,
        'x'.repeat(5_000),
        JSON.stringify(OTHER),
      ];
      const { status, headers, text } = await send(body.join('\n'), NDJSON);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
      const problem = (line: number, type: string, status: number): object => ({
        error: expect.objectContaining({ line, type: `urn:skewless:problem:${type}`, status }) as object,
      });
      const lines = linesOf(text) as { error?: { errors: unknown } }[];
      expect(lines).toEqual([
        ANSWERS[0],
        problem(3, 'malformed-json', 400),
        problem(4, 'invalid-input', 422),
        problem(5, 'invalid-input', 422),
        problem(6, 'payload-too-large', 413),
        ANSWERS[1],
      ]);
      expect(lines[3].error!.errors).toEqual([
        { path: 'feature_5', expected: 'a whole number from 1 to 10', received: 11 },
      ]);
    });

    it('says in its place that it broke', async () => {
      const broken = gzipSync(`${LINES}\n`.repeat(2_000)).subarray(0, -20);
      for (const [body, line] of [
        ['no gzip', 1],
        [broken, expect.any(Number) as number],
      ] as const) {
        const { status, text } = await send(body, NDJSON, { 'content-encoding': 'gzip' });
        expect([status, linesOf(text).at(-1)]).toEqual([
          200,
          {
            error: {
              line,
              type: 'urn:skewless:problem:bad-request',
              title: 'The request cannot be read',
              status: 400,
              detail: 'The body cannot be decompressed: it does not match its Content-Encoding, or it is incomplete.',
            },
          },
        ]);
      }
    });

    it('may be far over the body limit, and packed', async () => {
      const many = `${LINES}\n`.repeat(2_000);
      for (const [body, headers] of [
        [many, {}],
        [gzipSync(many), { 'content-encoding': 'gzip' }],
      ] as const) {
        const lines = linesOf((await send(body, NDJSON, headers)).text);
        expect(lines).toHaveLength(4_000);
        expect(lines.slice(-2)).toEqual(ANSWERS);
      }
    });

    it('is answered while it comes in', async () => {
      const { hostname, port } = new URL(api.url);
      const opened = request({
        hostname,
        port,
        path: '/predict/batch',
        method: 'POST',
        headers: { 'content-type': NDJSON },
      });
      const next = (stream: AsyncIterator<string>): Promise<unknown> =>
        stream.next().then(({ value }) => JSON.parse(value as string) as unknown);
      opened.write(`${JSON.stringify(EXAMPLE)}\n`);
      const response = await new Promise<AsyncIterable<string>>((resolve) =>
        opened.once('response', (answer) => resolve(answer.setEncoding('utf8') as AsyncIterable<string>)),
      );
      const answers = response[Symbol.asyncIterator]();
      expect(await next(answers)).toEqual(ANSWERS[0]);
      opened.write(`${JSON.stringify(OTHER)}\n`);
      expect(await next(answers)).toEqual(ANSWERS[1]);
      opened.end();
      expect((await answers.next()).done).toBe(true);
    });

    it('an empty stream is answered by an empty one', async () => {
      const { status, text } = await send('', NDJSON);
      expect([status, text]).toEqual([200, '']);
    });
  });
});
