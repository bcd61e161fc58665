import {
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type ServerOptions,
  ServerResponse,
} from 'node:http';
import type { Express } from 'express';

/**
 * Requests and responses that are Express's from the start. Express swaps the prototypes of every request and response,
 * which de-optimises all later access to them; made of these classes they have the right ones already.
 */
export function leanMessages(
  app: Express,
  isDraining: () => boolean,
): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class LeanRequest extends IncomingMessage {}

  class LeanResponse<R extends IncomingMessage> extends ServerResponse<R> {
    /** Names and values that every answer carries, whoever writes its head; what a route set itself stays. */
    contextHeaders: readonly string[] = [];

    override writeHead(status: number, reason?: unknown, headers?: unknown): this {
      if (isDraining()) this.shouldKeepAlive = false;
      if (Array.isArray(reason)) {
        return super.writeHead(status, [...this.contextHeaders, ...(reason as OutgoingHttpHeader[])]);
      }
      for (let i = 0; i < this.contextHeaders.length; i += 2) {
        const name = this.contextHeaders[i];
        if (!this.hasHeader(name)) this.setHeader(name, this.contextHeaders[i + 1]);
      }
      return super.writeHead(status, reason as string, headers as OutgoingHttpHeaders);
    }
  }

  Object.setPrototypeOf(LeanRequest.prototype, app.request);
  Object.setPrototypeOf(LeanResponse.prototype, app.response);
  Object.assign(app, { request: LeanRequest.prototype, response: LeanResponse.prototype });
  return { IncomingMessage: LeanRequest, ServerResponse: LeanResponse };
}
