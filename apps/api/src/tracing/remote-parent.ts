import { type Context, createTraceState, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { IncomingHttpHeaders } from 'node:http';

/** W3C Trace Context, version 00: trace id, parent id, flags. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The span of the caller that a request names, where it does. */
export function remoteParent({ traceparent, tracestate }: IncomingHttpHeaders): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec((traceparent as string | undefined) ?? '') ?? [];
  if (!traceId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: parseInt(flags, 16),
    isRemote: true,
    traceState: typeof tracestate === 'string' ? createTraceState(tracestate) : undefined,
  });
}
