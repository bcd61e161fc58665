import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { answerClientError } from './client-error.js';
import { SlowUploads } from './slow-uploads.js';

const HEAD = 'POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('SlowUploads', () => {
  let server: Server;
  let uploads: SlowUploads;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let socket: Socket;
  let received: string;

  beforeEach(async () => {
    answer = () => undefined;
    server = createServer((request, response) => answer(request, response)).on('clientError', answerClientError);
    uploads = new SlowUploads(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    socket = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('latin1');
    received = '';
    socket.on('data', (text: string) => (received += text)).on('error', () => undefined);
  });
  afterEach(() => {
    socket.destroy();
    server.close().closeAllConnections();
  });

  /** Sends the head and waits until the server has its request. */
  async function begin(head = HEAD): Promise<IncomingMessage> {
    const [[request]] = await Promise.all([once(server, 'request'), Promise.resolve(socket.write(head))]);
    return request as IncomingMessage;
  }

  /** Sends a chunk and waits until the server has received it. */
  async function send(request: IncomingMessage, bytes: number): Promise<void> {
    socket.write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`);
    for (let missing = bytes; missing > 0;) missing -= ((await once(request, 'data')) as [Buffer])[0].length;
  }

  const check = (times: number): void => {
    for (let i = 0; i < times; i++) uploads.check();
  };

  it('end a body that comes slower than 1 KiB/s over 10 s with 408', async () => {
    const request = await begin();
    check(5);
    await send(request, 9_000);
    check(4);
    expect(server.listenerCount('clientError')).toBe(1);
    check(1);
    const ended = once(socket, 'end');
    await ended;
    expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(received).toContain(
      '"detail":"Send the request faster: its header fields within server.headersTimeoutSeconds (HEADERS_TIMEOUT_SECONDS), all of it within server.requestTimeoutSeconds (REQUEST_TIMEOUT_SECONDS), its body at 1 KiB/s or more."',
    );
  });

  it('let one that is fast enough go on, each 10 s again', async () => {
    const request = await begin();
    for (let i = 0; i < 3; i++) {
      await send(request, 10_240);
      check(10);
    }
    expect(received).toBe('');
    check(10);
    await once(socket, 'end');
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('do not look at requests that are whole, and connections that are idle', async () => {
    const request = await begin('POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\n\r\nx');
    request.resume();
    await once(request, 'end');
    check(50);
    expect([received, socket.destroyed]).toEqual(['', false]);
  });

  it('let a stream be that is answered as it comes', async () => {
    let response!: ServerResponse;
    answer = (_request, given) => (response = given);
    const request = await begin();
    for (let i = 0; i < 5; i++) {
      await send(request, 1);
      await new Promise<void>((sent) => response.write(`${i}\n`, () => sent()));
      check(9);
    }
    expect(received).toContain('200 OK');
    const closed = once(socket, 'close');
    check(10);
    await closed;
    expect(received).not.toContain('408');
  });
});
