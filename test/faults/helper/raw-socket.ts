import { connect, type Socket } from 'node:net';

/** A connection that sends bytes as they are. */
export interface RawSocket {
  readonly socket: Socket;
  /** All that came until the server closed. */
  readonly answer: Promise<string>;
}

export function rawSocket(port: number, bytes: string | Buffer, { halfClose = false } = {}): RawSocket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  const answer = new Promise<string>((resolve, reject) => {
    socket.setEncoding('latin1').on('data', (part: string) => (text += part));
    socket
      .once('end', () => {
        socket.end();
        resolve(text);
      })
      .once('error', reject);
  });
  answer.catch(() => undefined);
  socket.once('connect', () => (halfClose ? socket.end(bytes) : socket.write(bytes)));
  return { socket, answer };
}

/** A POST as bytes; the connection closes after its answer. */
export const postBytes = (path: string, body: string | Buffer, headers: string[] = []): Buffer =>
  Buffer.concat([
    Buffer.from(
      [
        `POST ${path} HTTP/1.1`,
        'Host: here',
        'Content-Type: application/json',
        'Connection: close',
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...headers,
        '',
        '',
      ].join('\r\n'),
    ),
    Buffer.from(body),
  ]);

/** The status of each answer in what a connection received. */
export const statusesIn = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
