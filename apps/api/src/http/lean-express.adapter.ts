import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express } from 'express';
import { portClosed } from '../cluster/shared-port.js';
import type { Middleware, RouteHandler } from './chained.js';
import { Problem } from '../problem/problem.js';
import { answerClientError, answerConnect } from './client-error.js';
import type { ConnectionLimits } from './connection-limits.js';
import type { ApiRequest, ApiResponse } from './http.types.js';
import { answerFast } from './fast-path/fast-path.js';
import type { FastAnswer } from './fast-path/fast-connection.js';
import { leanMessages } from './lean-messages.js';
import { plainTarget } from './plain-target.js';
import { sendBody } from './send-body.js';
import { SlowUploads } from './slow-uploads.js';
import { stopListening } from './stop-listening.js';
import { WholeBody } from './whole-body.js';

/** How often to check for slow clients. */
const CHECK_MILLISECONDS = 1_000;

interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, boolean>>;
  readonly stack: readonly { readonly method: string; readonly handle: Middleware }[];
}

interface Layer {
  readonly route?: Route;
  readonly handle: Middleware;
  match(path: string): boolean;
}

/** Express throws if a path parameter is not percent-encoded UTF-8. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}

/** Express without its per-request costs. */
export class LeanExpressAdapter extends ExpressAdapter {
  private draining = false;
  private readonly directPosts = new Map<string, RouteHandler>();
  private readonly fastPosts = new Map<string, FastAnswer>();
  private sendFast = (): void => undefined;
  /** Middleware of Nest's adapter, which calls hooks that nobody sets. */
  readonly hooks: readonly Middleware[];

  /**
   * @param graceMilliseconds how long requests in flight may take once the server closes
   * @param fixedHeaders header names and values of every answer
   */
  constructor(
    private readonly graceMilliseconds: number,
    private readonly limits: ConnectionLimits,
    private readonly fixedHeaders: readonly string[],
  ) {
    super(express().disable('etag').disable('x-powered-by').set('query parser', 'simple'));
    this.hooks = this.layers.map(({ handle }) => handle);
  }

  override initHttpServer(): void {
    const app = this.getInstance<Express>();
    const { limits } = this;
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const direct = request.method === 'POST' ? this.directPosts.get(request.url!) : undefined;
      if (!direct) request.url = plainTarget(request.url!);
      (direct ?? app)(request as ApiRequest, response as unknown as ApiResponse);
    };
    const requestTimeout = limits.requestTimeoutSeconds * 1_000;
    this.httpServer = createServer(
      {
        ...leanMessages(app, () => this.draining, this.fixedHeaders),
        requestTimeout,
        requireHostHeader: false,
        headersTimeout: Math.min(requestTimeout, limits.headersTimeoutSeconds * 1_000),
        keepAliveTimeout: limits.keepAliveSeconds * 1_000,
        maxHeaderSize: limits.maxHeaderBytes,
        connectionsCheckingInterval: CHECK_MILLISECONDS,
      },
      answer,
    );
    Object.assign(this.httpServer, {
      maxConnections: limits.maxConnections,
      maxRequestsPerSocket: limits.maxRequestsPerConnection,
    });
    this.httpServer.on('clientError', answerClientError);
    new SlowUploads(this.httpServer);
    // Node counts the requests of a connection in a place of its own.
    if (limits.maxRequestsPerConnection === 0) {
      this.sendFast = answerFast(this.httpServer, this.fastPosts, this.fixedHeaders, () => this.draining);
    }
    this.httpServer.on('connect', answerConnect);
    // Node would answer an unknown Expect with a bare 417; ignoring it is allowed too (RFC 9110, 10.1.1).
    this.httpServer.on('checkExpectation', answer);
    // A client that half-closes its connection after sending a request still gets the answer; by default Node drops it.
    Object.assign(this.httpServer, { httpAllowHalfOpen: true });
  }

  /**
   * The middleware registered for a path so far, in order.
   * @param method in lower case
   */
  handlersOf(method: string, path: string): Middleware[] {
    return this.layers
      .filter((layer) => matches(layer, path))
      .flatMap(({ handle, route }) => (route ? route.stack.filter((step) => step.method === method) : [{ handle }]))
      .map(({ handle }) => handle);
  }

  /**
   * From now on `handler` answers `POST path`, if spelled exactly so and without a query. Express does not see the
   * request, because routing it through middleware costs more than the rest of a small answer.
   */
  bindDirectly(path: string, handler: RouteHandler | undefined): void {
    if (!handler) return;
    this.directPosts.set(path, handler);
  }

  /** From now on `answer` is asked first for plain requests to `POST path`: see {@link answerFast}. */
  bindFast(path: string, answer: FastAnswer): void {
    this.fastPosts.set(path, answer);
  }

  /** JSON without Express's content negotiation; everything else as Nest does it. */
  override reply(response: ApiResponse, body: unknown, statusCode?: number): unknown {
    if (!(body instanceof WholeBody) && body?.constructor !== Object) return super.reply(response, body, statusCode);
    return sendBody(response, statusCode ?? response.statusCode, body);
  }

  /** A known path with a wrong method is 405, or the answer to OPTIONS. */
  override setNotFoundHandler(handler: (request: ApiRequest, response: ApiResponse, next: () => void) => void): void {
    this.use((request: ApiRequest, response: ApiResponse, next: (error?: unknown) => void) => {
      const { allowed } = request.facts;
      if (allowed.length === 0) {
        handler(request, response, next);
        return;
      }
      const allow = allowed.join(', ');
      if (request.method === 'OPTIONS') {
        response.setHeader('Allow', allow);
        response.status(204).end();
        return;
      }
      next(new Problem('method-not-allowed', `${request.path} accepts only ${allow}.`, {}, { Allow: allow }));
    });
  }

  /** From now on every answer closes its connection: the first step of a shutdown. */
  override beforeClose(): void {
    super.beforeClose();
    this.draining = true;
  }

  override async close(): Promise<void> {
    const server = this.httpServer as Server;
    if (!server.listening) return;
    this.sendFast();
    const closed = once(server, 'close');
    await stopListening(server, portClosed);
    const force = setTimeout(() => server.closeAllConnections(), this.graceMilliseconds).unref();
    await closed;
    clearTimeout(force);
  }

  /** All routes that are mounted in Express so far, by whomever. */
  get mounted(): readonly Route[] {
    return this.layers.flatMap(({ route }) => (route ? [route] : []));
  }

  private get layers(): readonly Layer[] {
    return this.getInstance<{ router: { stack: Layer[] } }>().router.stack;
  }
}
