import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientError } from './client-error.js';
import { LOOK_MILLISECONDS, Pace } from './pace.js';

/** Node keeps the answer that a connection waits for in a private field. */
type HttpSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

interface Watched {
  readonly pace: Pace;
  writtenBytes: number;
}

/**
 * Ends requests whose bodies arrive too slowly with 408, as Node does those that take too long. It watches connections,
 * because watching requests would cost every request something. While an answer is being sent (NDJSON is answered line
 * by line) or waits for its reader, its request may be slow.
 */
export class SlowUploads {
  private readonly sockets = new Map<HttpSocket, Watched>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.set(socket, { pace: new Pace(), writtenBytes: 0 });
      socket.once('close', () => this.sockets.delete(socket));
    });
    setInterval(() => this.check(), LOOK_MILLISECONDS).unref();
  }

  /** Called once a second. */
  check(): void {
    for (const [socket, watched] of this.sockets) {
      const { bytesRead, bytesWritten, _httpMessage: answer } = socket;
      const isAnswered = bytesWritten !== watched.writtenBytes || answer?.writableNeedDrain === true;
      watched.writtenBytes = bytesWritten;
      if (!answer || answer.req.complete || isAnswered) watched.pace.restart(bytesRead);
      else if (watched.pace.isSlow(bytesRead)) {
        const error: ClientError = Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
        this.server.emit('clientError', error, socket);
      }
    }
  }
}
