import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import express from 'express';
import type { ApiResponse } from './http.types.js';
import { leanMessages } from './lean-messages.js';

const HEAD = 'POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('A request whose body nobody has taken yet', () => {
  it('holds crumbs of a packet as one part, in their order, and lets the sender wait when there are many', async () => {
    const server = createServer(leanMessages(express(), () => false)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const arrived = once(server, 'request') as Promise<[IncomingMessage]>;
    socket.write(HEAD);
    const [request] = await arrived;
    const crumbs = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => `1\r\n${(from + i) % 10}\r\n`).join('');
    for (let packet = 0; packet < 300 && !request.socket.isPaused(); packet++) {
      socket.write(crumbs(packet * 10, packet * 10 + 10));
      await turn();
      await turn();
    }
    expect(request.socket.isPaused()).toBe(true);
    expect(request.readableLength).toBeLessThan(3_000);
    socket.write(
      crumbs(3_000, 3_010) + 'fff\r\n' + 'y'.repeat(0xfff) + '\r\n2000\r\n' + 'z'.repeat(0x2000) + '\r\n0\r\n\r\n',
    );
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const digits = text.length - 0xfff - 0x2000;
    expect(text).toBe('0123456789'.repeat(digits / 10) + 'y'.repeat(0xfff) + 'z'.repeat(0x2000));
    expect(digits).toBeGreaterThan(640);
    expect(parts.length).toBeLessThan(digits / 5);
    socket.destroy();
    server.close();
  });
});

describe('An answer that is all there', () => {
  const FIXED = ['X-Fixed', 'always'];
  let isDraining = false;
  let writes: number;
  /** `/whole` is sent by our code, all others by Node: the answers must be indistinguishable. */
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const lean = response as unknown as ApiResponse;
    lean.contextHeaders = ['X-Request-Id', 'r-1'];
    const url = new URL(request.url!, 'http://here');
    const text = url.searchParams.get('text') ?? '{"a":1}';
    const status = Number(url.searchParams.get('status') ?? 200);
    const field = url.searchParams.get('field');
    if (field !== null) response.setHeader('X-Own', field);
    const socket = request.socket as Socket & { write: (...args: unknown[]) => boolean };
    const write: (...args: unknown[]) => boolean = socket.write.bind(socket);
    socket.write = (...args) => {
      writes++;
      return write(...args);
    };
    const type = 'application/json';
    if (url.pathname === '/whole') return lean.sendWhole(status, type, text);
    response.writeHead(status, ['Content-Type', type, 'Content-Length', String(Buffer.byteLength(text))]);
    response.end(text);
  };

  /** All bytes received for some bytes sent, until the connection is closed or all answers have arrived. */
  async function exchange(bytes: string, requests: number): Promise<string> {
    const server = createServer(
      { ...leanMessages(express(), () => isDraining, FIXED), keepAliveTimeout: 7_000 },
      answer,
    );
    server.maxRequestsPerSocket = 3;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    let finished = 0;
    const sent: boolean[] = [];
    server.on('request', (_, response) => {
      response.on('finish', () => finished++).on('close', () => sent.push(response.writableFinished));
    });
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let got = '';
    socket.setEncoding('utf8').on('data', (part: string) => (got += part));
    socket.write(bytes);
    while (sent.length < requests) await turn();
    const over = once(socket, 'close');
    socket.end();
    await over;
    server.close();
    expect(finished).toBe(requests);
    expect(sent).not.toContain(false);
    return got.replace(/\r\nDate: [^\r]+/g, '\r\nDate: now');
  }

  const request =
    (query: string, { method = 'POST', version = '1.1', fields = '' } = {}) =>
    (path: string): string =>
      `${method} ${path}?${query} HTTP/${version}\r\nHost: here\r\n${fields}Content-Length: 0\r\n\r\n`;

  it.each([
    ['a text of ASCII', [request('')], 1],
    ['another status', [request('status=422')], 1],
    ['another text', [request('text=%C3%A9%E2%82%AC')], 1],
    ['no text', [request('text=')], undefined],
    ['a status without a body', [request('status=204&text=')], undefined],
    ['a field of its own', [request('field=mine')], undefined],
    ['HEAD', [request('', { method: 'HEAD' })], undefined],
    ['HTTP/1.0', [request('', { version: '1.0' })], undefined],
    ['a caller that closes', [request('', { fields: 'Connection: close\r\n' })], undefined],
    [
      'several in one packet, the last one of the connection',
      [request(''), request('status=400'), request('')],
      undefined,
    ],
  ])('is sent as Node would: %s', async (_, requests, due) => {
    const sentOf = (path: string): string => requests.map((of) => of(path)).join('');
    const expected = await exchange(sentOf('/node'), requests.length);
    writes = 0;
    expect(await exchange(sentOf('/whole'), requests.length)).toBe(expected);
    expect(expected).toMatch(/^HTTP\/1\.1 \d+ /);
    if (due !== undefined) expect(writes).toBe(due);
  });

  it('closes its connection while the server shuts down', async () => {
    isDraining = true;
    const expected = await exchange(request('')('/node'), 1);
    expect(await exchange(request('')('/whole'), 1)).toBe(expected);
    expect(expected).toContain('\r\nConnection: close\r\n');
    isDraining = false;
  });
});
