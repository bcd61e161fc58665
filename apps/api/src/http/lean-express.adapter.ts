import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express } from 'express';
import { Problem } from '../problem/problem.js';
import { answerClientError } from './client-error.js';
import type { ApiRequest, ApiResponse } from './http.types.js';

interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/**
 * Express without its per-request costs. Express swaps the prototypes of every request and response, which
 * de-optimises all later access to them; here the server creates them with the right prototypes at once.
 */
export class LeanExpressAdapter extends ExpressAdapter {
  private draining = false;

  /** @param graceMilliseconds how long requests in flight may take once the server closes */
  constructor(private readonly graceMilliseconds: number) {
    super(express().disable('etag').disable('x-powered-by').set('query parser', 'simple'));
  }

  override initHttpServer(): void {
    const app = this.getInstance<Express>();
    const isDraining = (): boolean => this.draining;
    class LeanRequest extends IncomingMessage {}
    class LeanResponse extends ServerResponse {
      override writeHead(...args: unknown[]): this {
        if (isDraining()) this.shouldKeepAlive = false;
        return super.writeHead(...(args as [number]));
      }
    }
    Object.setPrototypeOf(LeanRequest.prototype, app.request);
    Object.setPrototypeOf(LeanResponse.prototype, app.response);
    Object.assign(app, { request: LeanRequest.prototype, response: LeanResponse.prototype });
    this.httpServer = createServer({ IncomingMessage: LeanRequest, ServerResponse: LeanResponse }, app);
    this.httpServer.on('clientError', answerClientError);
    // A client that closes its side once it has sent its request still gets the answer; Node drops it by default.
    Object.assign(this.httpServer, { httpAllowHalfOpen: true });
  }

  /** JSON without Express's content negotiation; everything else as Nest does it. */
  override reply(response: ApiResponse, body: unknown, statusCode?: number): unknown {
    if (body?.constructor !== Object) return super.reply(response, body, statusCode);
    const text = JSON.stringify(body);
    if (statusCode !== undefined) response.statusCode = statusCode;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(text));
    return response.end(text);
  }

  /** A known path with a wrong method is 405, or the answer to OPTIONS. */
  override setNotFoundHandler(handler: (request: ApiRequest, response: ApiResponse, next: () => void) => void): void {
    this.use((request: ApiRequest, response: ApiResponse, next: (error?: unknown) => void) => {
      const methods = this.methodsOf(request.path);
      if (methods.length === 0) {
        handler(request, response, next);
        return;
      }
      const allow = methods.join(', ');
      if (request.method === 'OPTIONS') {
        response.setHeader('Allow', allow);
        response.status(204).end();
        return;
      }
      next(new Problem('method-not-allowed', `${request.path} answers ${allow}.`, {}, { Allow: allow }));
    });
  }

  /** From now on every answer closes its connection: the first thing that a shutdown does. */
  override beforeClose(): void {
    super.beforeClose();
    this.draining = true;
  }

  override close(): Promise<void> {
    const server = this.httpServer as Server;
    const force = setTimeout(() => server.closeAllConnections(), this.graceMilliseconds).unref();
    return Promise.resolve(super.close()).finally(() => clearTimeout(force)) as Promise<void>;
  }

  private methodsOf(path: string): string[] {
    const layers = this.getInstance<{ router: { stack: RouteLayer[] } }>().router.stack;
    const methods = layers.flatMap((layer) =>
      layer.route && layer.match(path) ? Object.keys(layer.route.methods) : [],
    );
    const names = new Set(methods.map((method) => method.toUpperCase()));
    if (names.has('GET')) names.add('HEAD');
    return names.size === 0 ? [] : [...names, 'OPTIONS'];
  }
}
