import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { stopListening } from './stop-listening.js';

const REQUEST = 'GET / HTTP/1.1\r\nHost: here\r\n\r\n';
const CLIENTS = 40;

describe('stopListening', () => {
  let server: Server;
  let port: number;
  let answered: number;
  const answer: RequestListener = (_, response) => {
    answered++;
    response.setHeader('Connection', 'close').end('here');
  };
  const portClosed = (): Promise<void> => Promise.resolve();

  beforeEach(async () => {
    answered = 0;
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => server.close().closeAllConnections());

  /** All bytes received until the server closes the connection. */
  async function answerOn(socket: Socket): Promise<string> {
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => (text += part));
    await once(socket, 'end');
    return text;
  }

  /** The request waits in the kernel: this process accepts nothing before its next turn. */
  const ask = (): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    socket.write(REQUEST);
    return answerOn(socket);
  };

  it('answers all who wait to be accepted', async () => {
    const answers = Array.from({ length: CLIENTS }, ask);
    await stopListening(server, portClosed);
    for (const text of await Promise.all(answers)) expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*here/);
    expect(answered).toBe(CLIENTS);
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('answers a request that has just come on an idle connection, and closes other idle ones', async () => {
    server.removeAllListeners('request').on('request', (_, response) => response.end('idle'));
    const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    for (const socket of sockets) {
      socket.write(REQUEST);
      await once(socket, 'data');
    }
    server.removeAllListeners('request').on('request', answer);
    const [asks, rests] = sockets.map(answerOn);
    sockets[0].write(REQUEST);
    await stopListening(server, portClosed);
    expect(await asks).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*here/);
    expect(await rests).toBe('');
  });

  it('answers nobody before other processes have closed the port as well', async () => {
    let close!: () => void;
    const elsewhere = new Promise<void>((resolve) => (close = resolve));
    const waiting = ask();
    let isListening = true;
    const stopped = stopListening(server, () => {
      isListening = server.listening;
      return elsewhere;
    });
    while (isListening) await new Promise(setImmediate);
    expect(answered).toBe(0);
    close();
    await stopped;
    expect([await waiting, answered]).toEqual([expect.stringContaining('here'), 1]);
  });

  it('closes in the end though clients come without a pause', async () => {
    let isOpen = true;
    const crowd = (async () => {
      const answers: Promise<string>[] = [];
      while (isOpen) {
        answers.push(ask().catch(() => 'refused'));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return answers;
    })();
    await stopListening(server, portClosed);
    isOpen = false;
    const [first] = await crowd;
    expect(await first).toContain('here');
    expect(server.listening).toBe(false);
  });
});
