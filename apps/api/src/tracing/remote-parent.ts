import { type Context, createTraceState, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { IncomingHttpHeaders } from 'node:http';
import { readTraceparent } from '../http/traceparent.js';

/** The caller's span that a request names, if any. */
export function remoteParent({ traceparent, tracestate }: IncomingHttpHeaders): Context {
  const parent = readTraceparent(traceparent);
  if (!parent) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: parseInt(flags, 16),
    isRemote: true,
    traceState: typeof tracestate === 'string' ? createTraceState(tracestate) : undefined,
  });
}
