import { connect } from 'node:net';
import pino from 'pino';
import { AccessLog } from '../apps/api/src/logging/access-log.js';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from './helper/boot.js';
import { sampleOf } from './helper/metrics-text.js';
import { EXAMPLE } from '#testing';

const KEY = generateKey('caller', ['predict']);
const OTHER = generateKey('reader', ['read']);
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The parts of an answer that differ between two equal requests. */
const VARYING = /^(Date: |traceparent: ).*/gm;
const IDS = /"(timestamp|prediction_id)":"[^"]+"/g;

describe('A single prediction', () => {
  const lines: Record<string, unknown>[] = [];
  let api: RunningApi;
  /** How many requests Node has created an object for. */
  let ordinary = 0;

  beforeAll(async () => {
    const sink = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
    const access = new AccessLog(sink, pino({ level: 'info' }, sink));
    const logging = { logger: pino({ level: 'silent' }), access, droppedLines: () => 0 };
    api = await boot({ API_KEYS: `${KEY.line} ${OTHER.line}` }, logging);
    api.app.getHttpServer().prependListener('request', () => ordinary++);
  });
  afterAll(() => api.close());

  /** The answer to one request, sent in one packet. */
  async function ask(path: string, fields: readonly string[], body: object = EXAMPLE): Promise<string> {
    const json = JSON.stringify(body);
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    const head = [`POST ${path} HTTP/1.1`, 'Host: here', 'Content-Type: application/json', ...fields];
    socket.write(`${[...head, `Content-Length: ${json.length}`].join('\r\n')}\r\n\r\n${json}`);
    let text = '';
    for await (const part of socket) {
      text += part;
      const [answer, sent = ''] = text.split('\r\n\r\n');
      if (sent.length > 0 && sent.length === Number(/Content-Length: (\d+)/.exec(answer)?.[1])) break;
    }
    return text;
  }

  const authorized = `Authorization: Bearer ${KEY.key}`;

  it.each([
    ['plain', [authorized]],
    ['traced, with an id', [authorized, 'X-Request-Id: mine', `traceparent: ${TRACE}`]],
    ['of a named row', [authorized, 'X-External-Id: row-1', 'X-Routing-Key: someone']],
  ])('%s, has the same head, body and log line by the fast path and by Express', async (_, fields) => {
    const id = fields.some((field) => field.startsWith('X-Request-Id')) ? [] : ['X-Request-Id: mine'];
    const before = ordinary;
    const fast = await ask('/predict', [...fields, ...id]);
    expect(ordinary).toBe(before);
    // A query leaves the request to Express.
    const slow = await ask('/predict?', [...fields, ...id]);
    expect(ordinary).toBe(before + 1);
    expect(fast).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    const stable = (answer: string): string => answer.replace(VARYING, '$1').replace(IDS, '"$1"');
    expect(stable(fast)).toBe(stable(slow));
    const [line, other] = lines.slice(-2);
    expect({ ...line, time: 0, ms: 0 }).toEqual({ ...other, time: 0, ms: 0 });
    expect(line).toMatchObject({ caller: 'caller', path: '/predict', status: 200 });
  });

  it.each([
    ['without a key', [], EXAMPLE, 401],
    ['with a wrong key', ['X-API-Key: wrong'], EXAMPLE, 401],
    ['without the scope', [`X-API-Key: ${OTHER.key}`], EXAMPLE, 403],
    ['with a fault', [authorized], { ...EXAMPLE, feature_1: 'much' }, 422],
    ['with a value that overflows', [authorized], { ...EXAMPLE, feature_1: 1e300 }, 422],
    ['with a wrong id of its row', [authorized, 'X-External-Id: a b'], EXAMPLE, 422],
  ])('%s, is refused by Express', async (_, fields, body, status) => {
    const before = ordinary;
    expect(await ask('/predict', fields, body)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(ordinary).toBe(before + 1);
    expect(lines.at(-1)).toMatchObject({ status });
  });

  it('is counted once, however it was answered', async () => {
    const { text } = await api.ask('/metrics', { headers: { authorization: `Bearer ${OTHER.key}` } });
    const counted = (status: string) =>
      sampleOf(text, 'skewless_http_request_duration_seconds_count', { method: 'POST', route: '/predict', status });
    expect(['200', '401', '403', '422'].map(counted)).toEqual([6, 2, 1, 3]);
    expect(sampleOf(text, 'skewless_http_requests_in_flight')).toBe(1);
  });
});
