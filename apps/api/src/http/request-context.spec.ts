import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import { pino } from 'pino';
import { AccessLog } from '../logging/access-log.js';
import { RouteTable } from '../routes/route-table.js';
import { leanMessages } from './lean-messages.js';
import { requestContext } from './request-context.js';

type Line = Record<string, unknown>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';

describe('requestContext', () => {
  let server: Server;
  let url: string;
  let lines: Line[];
  let waiting: (() => void)[];

  /** Waits for `count` log lines, which are written after the answer. */
  const logged = async (count: number): Promise<Line[]> => {
    while (lines.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return lines;
  };

  beforeAll(async () => {
    const sink = {
      write(line: string) {
        lines.push(JSON.parse(line) as Line);
        waiting.splice(0).forEach((wake) => wake());
      },
    };
    const app = express();
    app.use(requestContext(new RouteTable(), [new AccessLog(sink, pino({ level: 'info' }, sink))]) as RequestHandler);
    app.get('/never', () => undefined);
    app.use(
      (request, response) =>
        void response.status(request.path === '/teapot' ? 418 : 200).end((request as { id?: string }).id),
    );
    server = createServer(
      leanMessages(app, () => false),
      app,
    ).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    lines = [];
    waiting = [];
  });
  afterAll(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));

  it.each(['a', 'order-7/3', '!~', 'x'.repeat(128)])('keeps the id %s that the caller sends', async (id) => {
    const response = await fetch(url, { headers: { 'x-request-id': id } });
    expect(response.headers.get('x-request-id')).toBe(id);
    expect(await response.text()).toBe(id);
    expect((await logged(1))[0].request_id).toBe(id);
  });

  it.each([
    ['none', {}],
    ['an empty one', { 'x-request-id': '' }],
    ['one with a quote', { 'x-request-id': 'a"b' }],
    ['one with a backslash', { 'x-request-id': 'a\\b' }],
    ['one with a space', { 'x-request-id': 'a b' }],
    ['one beyond ASCII', { 'x-request-id': 'caf\u00e9' }],
    ['one that is too long', { 'x-request-id': 'x'.repeat(129) }],
  ])('makes an id when the caller sends %s', async (_, headers: Record<string, string>) => {
    const response = await fetch(url, { headers });
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(UUID);
    expect(await response.text()).toBe(id);
    expect((await logged(1))[0].request_id).toBe(id);
  });

  it('makes an id when the caller sends two', async () => {
    const id = await new Promise((resolve) => {
      httpRequest(url, { headers: { 'X-Request-Id': ['one', 'two'] } }, (response) => {
        response.resume();
        resolve(response.headers['x-request-id']);
      }).end();
    });
    expect(id).toMatch(UUID);
  });

  it.each(['00', '01'])('continues a trace with flags %s under a parent id of its own', async (flags) => {
    const response = await fetch(url, { headers: { traceparent: `00-${TRACE_ID}-${PARENT_ID}-${flags}` } });
    const [version, trace, parent, answered] = response.headers.get('traceparent')!.split('-');
    expect([version, trace, answered]).toEqual(['00', TRACE_ID, flags]);
    expect(parent).toMatch(/^[0-9a-f]{16}$/);
    expect(parent).not.toBe(PARENT_ID);
    expect((await logged(1))[0].trace_id).toBe(TRACE_ID);
  });

  it.each([
    ['an empty trace id', `00-${'0'.repeat(32)}-${PARENT_ID}-01`],
    ['an empty parent id', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['capital letters', `00-${TRACE_ID.toUpperCase()}-${PARENT_ID}-01`],
    ['an unknown version', `ff-${TRACE_ID}-${PARENT_ID}-01`],
    ['more than version 00 has', `00-${TRACE_ID}-${PARENT_ID}-01-more`],
    ['no flags', `00-${TRACE_ID}-${PARENT_ID}`],
    ['any text', 'nonsense'],
  ])('ignores a traceparent with %s', async (_, traceparent) => {
    const response = await fetch(url, { headers: { traceparent } });
    expect(response.status).toBe(200);
    expect(response.headers.get('traceparent')).toBeNull();
    expect((await logged(1))[0]).not.toHaveProperty('trace_id');
  });

  it('logs one line per request', async () => {
    await fetch(`${url}/teapot`, { method: 'PUT', headers: { 'x-request-id': 'r-1' } });
    expect(await logged(1)).toMatchObject([{ request_id: 'r-1', method: 'PUT', path: '/teapot', status: 418 }]);
    expect(lines[0]).not.toHaveProperty('aborted');
  });

  it('logs the path without the query string, which may hold secrets', async () => {
    await fetch(`${url}/teapot?token=secret`);
    expect((await logged(1))[0].path).toBe('/teapot');
  });

  it('logs that the caller left before the answer', async () => {
    const request = httpRequest(`${url}/never`, { headers: { 'x-request-id': 'r-2' } }).on('error', () => undefined);
    const arrived = new Promise((resolve) => server.once('request', resolve));
    request.end();
    await arrived;
    request.destroy();
    expect(await logged(1)).toMatchObject([{ request_id: 'r-2', path: '/never', aborted: true }]);
  });
});
