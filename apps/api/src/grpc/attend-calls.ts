import type { IncomingHttpHeaders } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import {
  Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
import type { Admission } from '../http/admission.js';
import { requestIdOf } from '../http/request-id.js';
import { continued, readTraceparent } from '../http/traceparent.js';
import type { TracedCall, Tracing } from '../tracing/tracing.js';
import type { CallObserver } from './call-observer.js';
import { CALLERS } from './callers.js';

/** What takes a model's time; probes and other reads always pass. */
const BOUNDED = '/inference.GRPCInferenceService/ModelInfer';

/**
 * Attends every call of a server, as HTTP does every request: gives it its id, continues its trace, refuses at its head,
 * before its message is read, what is more than may be under way, and tells the observers how it ended.
 */
export function attendCalls(
  admission: Admission,
  observers: readonly CallObserver[],
  tracing: Tracing | null,
): ServerInterceptor {
  return ({ path }, call) => {
    const method = path.slice(1);
    const { stream } = insideOf(call);
    let begun: BegunCall | undefined;
    let code: status | undefined;
    let leave: (() => void) | undefined;
    // grpc-js ends calls by this method itself too: at a deadline, or at a message that is too large.
    const send = call.sendStatus.bind(call);
    call.sendStatus = (sent) => {
      // A caller that went away hears nothing: that is CANCELLED, though grpc-js misses the message first.
      if (!stream.closed && !stream.destroyed) code ??= sent.code ?? status.UNKNOWN;
      const metadata = sent.metadata?.clone() ?? new Metadata();
      for (const [name, value] of begun?.answer ?? []) metadata.set(name, value);
      send({ ...sent, metadata });
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            begun = begin(method, metadata, tracing);
            for (const observer of observers) observer.began?.();
            const refusal = path === BOUNDED ? admission.refusal(0) : undefined;
            if (refusal) return call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: refusal.detail });
            if (path === BOUNDED) leave = boundBytes(call, admission);
            pass(metadata);
          },
          // The method is called now.
          onReceiveHalfClose: (pass) => (begun?.traced ? begun.traced.run(pass) : pass()),
          // Of every call, however it ended.
          onCancel: () => {
            leave?.();
            if (!begun) return;
            const ended = code ?? status.CANCELLED;
            begun.traced?.end(ended);
            const { requestId, traceId, started } = begun;
            const [caller, milliseconds] = [CALLERS.get(begun.metadata), performance.now() - started];
            for (const observer of observers) {
              observer.ended({ requestId, traceId, caller, method, code: status[ended], milliseconds });
            }
          },
        }),
    });
  };
}

interface BegunCall {
  readonly started: number;
  readonly metadata: Metadata;
  readonly requestId: string;
  readonly traceId?: string;
  readonly traced?: TracedCall;
  /** Names and values that go back with its status. */
  readonly answer: readonly [string, string][];
}

function begin(method: string, metadata: Metadata, tracing: Tracing | null): BegunCall {
  const started = performance.now();
  // Of several values none is sure to be meant.
  const only = (name: string): string | undefined => {
    const values = metadata.get(name);
    return values.length === 1 ? String(values[0]) : undefined;
  };
  const requestId = requestIdOf(only('x-request-id'));
  const headers: IncomingHttpHeaders = { traceparent: only('traceparent'), tracestate: only('tracestate') };
  const traced = tracing?.beginCall(method, headers);
  const trace = readTraceparent(headers.traceparent);
  const answer: [string, string][] = [['x-request-id', requestId]];
  if (trace) answer.push(['traceparent', continued(trace)]);
  return { started, metadata, requestId, traceId: trace?.traceId, traced, answer };
}

/** Counts the bytes of a call as they come; grpc-js tells of a message only once it is whole. @returns what ends that */
function boundBytes(call: ServerInterceptingCallInterface, admission: Admission): () => void {
  const { hold, leave } = admission.admitGrowing();
  const { stream, incomingEncoding } = insideOf(call);
  // What is packed may unpack to as much as a message may hold.
  let held = incomingEncoding === 'identity' ? 0 : Infinity;
  stream.on('data', (chunk: Buffer) => {
    const refusal = hold((held += chunk.length));
    if (refusal) call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: refusal.detail });
  });
  return leave;
}

/** What grpc-js shows of a call to nobody. */
function insideOf(call: ServerInterceptingCallInterface): { stream: ServerHttp2Stream; incomingEncoding: string } {
  return call as unknown as ReturnType<typeof insideOf>;
}
