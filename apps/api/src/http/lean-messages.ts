import {
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type ServerOptions,
  ServerResponse,
} from 'node:http';
import type { Express } from 'express';
import { BodyParts } from './body-parts.js';
import type { BodyReader } from './http.types.js';

/** Parts of this size may be kept as they are; of smaller ones each is held with some hundred bytes of its own. */
const SMALL_BYTES = 4_096;
const WAITING_PARTS = 64;

/**
 * Requests and responses that are Express's from the start. Express swaps the prototypes of every request and response,
 * which de-optimises all later access to them; made of these classes they have the right ones already.
 *
 * @param fixedHeaders names and values that every answer carries, whoever writes its head
 */
export function leanMessages(
  app: Express,
  isDraining: () => boolean,
  fixedHeaders: readonly string[] = [],
): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class LeanRequest extends IncomingMessage {
    private reader?: BodyReader;
    /** Small parts that came in one packet, before somebody takes the body. */
    private gathered?: BodyParts;
    private waitingParts = 0;

    /** See {@link ApiRequest.takeBody}. */
    takeBody(reader: BodyReader): void {
      this.handOn();
      if (this.readableLength > 0) reader.append(this.read() as Buffer);
      if (this.complete) reader.end();
      else this.reader = reader;
    }

    /** How Node's parser hands on each part of the body, and at last `null`. */
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

    /** Keeps a part for whoever reads it; the parser waits when there are many. */
    private keep(part: Buffer | null, encoding?: BufferEncoding): boolean {
      if (!part || part.length >= SMALL_BYTES) {
        this.handOn();
        return super.push(part, encoding);
      }
      if (!this.gathered) {
        this.gathered = new BodyParts();
        // The parser lets ticks run after each chunk of a packet.
        setImmediate(() => this.handOn());
      }
      this.gathered.append(part);
      return true;
    }

    private handOn(): void {
      const { gathered } = this;
      if (!gathered) return;
      this.gathered = undefined;
      this.waitingParts = this.readableLength === 0 ? 1 : this.waitingParts + 1;
      if (!super.push(gathered.whole()) || this.waitingParts > WAITING_PARTS) this.socket.pause();
    }

    override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
      const { reader } = this;
      this.reader = undefined;
      super._destroy(error, done);
      if (reader) reader.fail();
    }
  }

  class LeanResponse<R extends IncomingMessage> extends ServerResponse<R> {
    /** Names and values that this answer carries besides; what a route set itself stays. */
    contextHeaders: readonly string[] = [];

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

  Object.setPrototypeOf(LeanRequest.prototype, app.request);
  Object.setPrototypeOf(LeanResponse.prototype, app.response);
  Object.assign(app, { request: LeanRequest.prototype, response: LeanResponse.prototype });
  return { IncomingMessage: LeanRequest, ServerResponse: LeanResponse };
}
