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
 *
 * @param fixedHeaders names and values that every answer carries, whoever writes its head
 */
export function leanMessages(
  app: Express,
  isDraining: () => boolean,
  fixedHeaders: readonly string[] = [],
): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class LeanRequest extends IncomingMessage {}

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
