import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import type { NextFunction } from 'express';
import type { InferenceObserver, ModelIdentity } from '#runtime';
import type { ApiRequest, ApiResponse } from '../http/http.types.js';
import { writeTraceparent } from '../http/traceparent.js';
import { exportingProvider } from './exporting-provider.js';
import { remoteParent } from './remote-parent.js';
import { spanTime } from './span-time.js';
import type { TracingOptions } from './tracing.options.js';

const FAREWELL_MILLISECONDS = 2_000;

/**
 * UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS: server errors by the semantic
 * conventions for gRPC.
 */
const SERVER_FAULTS = new Set([2, 4, 12, 13, 14, 15]);

/** A gRPC call that is traced. */
export interface TracedCall {
  /** Runs work with the call's span as the current one. */
  run(work: () => void): void;
  end(code: number): void;
}

/**
 * Creates a server span for every request, which continues the caller's trace, with a child span for each stage:
 * validate, features, inference. Rows that share a run have the same two spans in each of their traces.
 */
export class Tracing implements InferenceObserver {
  private readonly provider: ReturnType<typeof exportingProvider>;
  private readonly tracer: Tracer;
  private readonly current = new AsyncLocalStorage<Span>();
  private readonly spans = new WeakMap<ApiRequest, Span>();

  constructor(options: TracingOptions, version: string) {
    this.provider = exportingProvider(options, version);
    this.tracer = this.provider.getTracer('skewless', version);
  }

  /** Runs first: later code sees this server's span as the caller's. */
  readonly begin = (request: ApiRequest, response: ApiResponse, next: NextFunction): void => {
    const { method, path, headers } = request;
    const span = this.open(method, headers, { 'http.request.method': method, 'url.path': path, 'url.scheme': 'http' });
    this.spans.set(request, span);
    response.on('close', () => end(span, request, response));
    this.current.run(span, next);
  };

  /** Restores the context after a body was read by events, which lose it. */
  readonly resume = (request: ApiRequest, _response: ApiResponse, next: NextFunction): void => {
    const span = this.spans.get(request);
    if (span) this.current.run(span, next);
    else next();
  };

  /**
   * The same for a gRPC call.
   *
   * @param method with its service
   * @param headers will contain this server's span as the caller's
   */
  beginCall(method: string, headers: IncomingHttpHeaders): TracedCall {
    const [service, name] = method.split('/');
    const span = this.open(method, headers, { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': name });
    return {
      run: (work) => this.current.run(span, work),
      end: (code) => {
        span.setAttribute('rpc.grpc.status_code', code);
        if (SERVER_FAULTS.has(code)) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end(spanTime());
      },
    };
  }

  /** Sends the remaining spans, but does not delay a shutdown for a receiver that does not answer. */
  async close(): Promise<void> {
    await Promise.race([this.provider.shutdown(), sleep(FAREWELL_MILLISECONDS, undefined, { ref: false })]);
  }

  readonly mark = (): Span | undefined => this.current.getStore();

  validated(milliseconds: number): void {
    const now = performance.now();
    this.stage(this.mark(), 'validate', now - milliseconds, now, {});
  }

  ran({ name, version }: ModelIdentity, rows: number, features: number, inference: number, marks?: unknown[]): void {
    const now = performance.now();
    const computed = now - inference;
    const attributes = { 'skewless.model.name': name, 'skewless.model.version': version, 'skewless.rows': rows };
    for (const span of (marks as (Span | undefined)[] | undefined) ?? [this.mark()]) {
      this.stage(span, 'features', computed - features, computed, attributes);
      this.stage(span, 'inference', computed, now, attributes);
      span?.setAttributes({ 'skewless.model.name': name, 'skewless.model.version': version });
    }
  }

  pending(): void {
    // Of no request in particular.
  }

  loaded(): void {
    // Of no request either.
  }

  unknown(): void {
    // Of no request either.
  }

  private open(name: string, headers: IncomingHttpHeaders, attributes: Attributes): Span {
    const options = { kind: SpanKind.SERVER, attributes, startTime: spanTime() };
    const span = this.tracer.startSpan(name, options, remoteParent(headers));
    const { traceId, spanId, traceFlags } = span.spanContext();
    headers.traceparent = writeTraceparent({ traceId, spanId, flags: traceFlags.toString(16).padStart(2, '0') });
    return span;
  }

  private stage(parent: Span | undefined, name: string, start: number, end: number, attributes: Attributes): void {
    if (!parent?.isRecording()) return;
    const options = { startTime: spanTime(start), attributes };
    this.tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, parent)).end(spanTime(end));
  }
}

/** By the semantic conventions for HTTP, only server faults are errors. */
function end(span: Span, request: ApiRequest, response: ApiResponse): void {
  const { path: route } = request.facts;
  if (route !== undefined) span.updateName(`${request.method} ${route}`).setAttribute('http.route', route);
  span.setAttribute('http.response.status_code', response.statusCode);
  if (request.problem !== undefined) span.setAttribute('error.type', request.problem);
  if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(spanTime());
}
