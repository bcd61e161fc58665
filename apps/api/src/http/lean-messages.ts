import {
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  OutgoingMessage,
  type ServerOptions,
  ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import { AnswerHead, keepAliveFields } from './answer-head.js';
import { BodyParts } from './body-parts.js';
import type { BodyReader } from './http.types.js';

/** Parts of this size may be kept as they are; smaller ones would each cost a few hundred bytes of overhead. */
const SMALL_BYTES = 4_096;
const WAITING_PARTS = 64;

/** Undocumented fields of Node's response, the same from Node 20 to 24. */
interface ResponseState {
  _header: string | null;
  _headerSent: boolean;
  _hasBody: boolean;
  _expect_continue: boolean;
  readonly useChunkedEncodingByDefault: boolean;
  readonly maxRequestsOnConnectionReached?: boolean;
  readonly _keepAliveTimeout: number;
  readonly _maxRequestsPerSocket: number | null;
  readonly outputData: readonly unknown[];
  finished: boolean;
  _finish(): void;
}

/** Undocumented fields of its connection. */
interface SocketState {
  readonly _httpMessage: unknown;
  readonly _hadError: boolean;
}

/**
 * Requests and responses that have Express's prototypes from the start. Express replaces the prototypes of every
 * request and response, which de-optimises all later access to them; instances of these classes already have the right
 * ones.
 *
 * @param fixedHeaders header names and values of every answer, whoever writes its head
 */
export function leanMessages(
  app: Express,
  isDraining: () => boolean,
  fixedHeaders: readonly string[] = [],
): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class LeanRequest extends IncomingMessage {
    private reader?: BodyReader;
    /** Small parts that arrived in one packet before the body is taken. */
    private buffered?: BodyParts;
    private waitingParts = 0;

    /** See {@link ApiRequest.takeBody}. */
    takeBody(reader: BodyReader): void {
      this.flush();
      if (this.readableLength > 0) reader.append(this.read() as Buffer);
      if (this.complete) reader.end();
      else this.reader = reader;
    }

    /** Called by Node's parser with each part of the body, and finally with `null`. */
    override push(part: Buffer | null, encoding?: BufferEncoding): boolean {
      const { reader } = this;
      if (!reader) return this.keep(part, encoding);
      if (part) {
        reader.append(part);
        return true;
      }
      this.reader = undefined;
      super.push(null);
      this.read(0);
      reader.end();
      return true;
    }

    /** Buffers a part until it is read; the parser pauses when there are many. */
    private keep(part: Buffer | null, encoding?: BufferEncoding): boolean {
      if (!part || part.length >= SMALL_BYTES) {
        this.flush();
        return super.push(part, encoding);
      }
      if (!this.buffered) {
        this.buffered = new BodyParts();
        // The parser runs ticks after each chunk of a packet, so a tick would be too early.
        setImmediate(() => this.flush());
      }
      this.buffered.append(part);
      return true;
    }

    private flush(): void {
      const { buffered } = this;
      if (!buffered) return;
      this.buffered = undefined;
      this.waitingParts = this.readableLength === 0 ? 1 : this.waitingParts + 1;
      if (!super.push(buffered.whole()) || this.waitingParts > WAITING_PARTS) this.socket.pause();
    }

    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
      const { reader } = this;
      this.reader = undefined;
      super._destroy(error, done);
      if (reader) reader.fail();
    }
  }

  const head = new AnswerHead(fixedHeaders);
  let persistence = '';

  class LeanResponse<R extends IncomingMessage> extends ServerResponse<R> {
    /** Additional header names and values of this answer; headers set by a route take precedence. */
    contextHeaders: readonly string[] = [];
    /** Whether `sendWhole` has sent it. */
    isSent = false;

    /** See {@link ApiResponse.sendWhole}. */
    sendWhole(status: number, contentType: string, text: string): void {
      const length = Buffer.byteLength(text);
      const encoding = length === text.length ? 'latin1' : 'utf8';
      const state = this as unknown as ResponseState;
      const { socket } = this;
      if (!socket || !this.isPlain(state, socket, status)) {
        this.writeHead(status, ['Content-Type', contentType, 'Content-Length', String(length)]);
        this.end(text, encoding);
        return;
      }
      persistence ||= keepAliveFields(state._keepAliveTimeout, state._maxRequestsPerSocket);
      state._header = head.of(status, this.contextHeaders, contentType, length, persistence);
      state._headerSent = true;
      this.statusCode = status;
      state.finished = true;
      socket.write(state._header + text, encoding, () => {
        if ((this.socket as unknown as SocketState | null)?._hadError) return;
        this.isSent = true;
        this.emit('finish');
      });
      state._finish();
    }

    /** Whether its head has only the headers of every keep-alive answer and may be written now. */
    private isPlain(state: ResponseState, socket: Socket, status: number): boolean {
      return (
        this.shouldKeepAlive &&
        !isDraining() &&
        state._hasBody &&
        status >= 200 &&
        status !== 204 &&
        status !== 304 &&
        state._header === null &&
        state.useChunkedEncodingByDefault &&
        !state._expect_continue &&
        !state.maxRequestsOnConnectionReached &&
        state.outputData.length === 0 &&
        (socket as unknown as SocketState)._httpMessage === this &&
        socket.writable &&
        this.getHeaderNames().length === 0
      );
    }

    override writeHead(status: number, reason?: unknown, headers?: unknown): this {
      if (isDraining()) this.shouldKeepAlive = false;
      if (Array.isArray(reason)) {
        const own = reason as OutgoingHttpHeader[];
        return super.writeHead(status, [...fixedHeaders, ...this.contextHeaders, ...own]);
      }
      const carried = [...fixedHeaders, ...this.contextHeaders];
      for (let i = 0; i < carried.length; i += 2) {
        if (!this.hasHeader(carried[i])) this.setHeader(carried[i], carried[i + 1]);
      }
      return super.writeHead(status, reason as string, headers as OutgoingHttpHeaders);
    }
  }

  const { get: isFinished } = Object.getOwnPropertyDescriptor(OutgoingMessage.prototype, 'writableFinished') as {
    readonly get: (this: OutgoingMessage) => boolean;
  };
  Object.defineProperty(LeanResponse.prototype, 'writableFinished', {
    // Node 24 counts only answers that were ended in its own way.
    get(this: LeanResponse<IncomingMessage>) {
      return this.isSent || isFinished.call(this);
    },
  });
  Object.setPrototypeOf(LeanRequest.prototype, app.request);
  Object.setPrototypeOf(LeanResponse.prototype, app.response);
  Object.assign(app, { request: LeanRequest.prototype, response: LeanResponse.prototype });
  return { IncomingMessage: LeanRequest, ServerResponse: LeanResponse };
}
