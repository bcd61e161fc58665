import type { IncomingHttpHeaders } from 'node:http';
import { Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import type { Admission } from '../http/admission.js';
import { requestIdOf } from '../http/request-id.js';
import { continued, readTraceparent } from '../http/traceparent.js';
import type { TracedCall, Tracing } from '../tracing/tracing.js';
import { boundMessages } from './bound-messages.js';
import { boundsOf, type GrpcLimits, INFER } from './call-bounds.js';
import type { CallArms } from './call-arms.js';
import type { CallGate, HeldCall } from './call-gate.js';
import type { CallObserver } from './call-observer.js';
import { toGrpcStatus } from './grpc-status.js';
import { internalsOf } from './call-internals.js';
import { endStreamLater } from './end-stream-later.js';
import { OpenCalls, type OpenCall } from './open-calls.js';

/** HTTP/2's error code. */
const CANCEL = 8;

export interface CallInterceptorOptions {
  readonly limits: GrpcLimits;
  /** For gRPC only, separate from the admission of HTTP. */
  readonly admission: Admission;
  readonly gate: CallGate;
  readonly observers: readonly CallObserver[];
  readonly arms: CallArms;
  readonly tracing: Tracing | null;
}

/**
 * Handles every call of a server, like HTTP's middleware: assigns its id, continues its trace, refuses it before a byte
 * of its message is read if the caller is not allowed or the server is overloaded, limits its messages and its time,
 * and notifies the observers when it ends.
 */
export function callInterceptor({
  limits,
  admission,
  gate,
  observers,
  arms,
  tracing,
}: CallInterceptorOptions): ServerInterceptor {
  const open = new OpenCalls();
  const bounds = boundsOf(limits);
  return ({ path }, call) => {
    const method = path.slice(1);
    const { stream } = internalsOf(call);
    let context: CallContext | undefined;
    let held: HeldCall | undefined;
    let code: status | undefined;
    let hasEnded = false;
    let leave: (() => void) | undefined;
    // grpc-js also ends calls with this method: at a deadline, or at a message that is too large.
    const send = call.sendStatus.bind(call);
    call.sendStatus = (sent) => {
      // If the caller has disconnected, the status is CANCELLED, although grpc-js first reports a missing message.
      if (!stream.closed && !stream.destroyed) code ??= sent.code ?? status.UNKNOWN;
      watched.phase = 'reader';
      const metadata = sent.metadata?.clone() ?? new Metadata();
      for (const [name, value] of context?.answer ?? []) metadata.set(name, value);
      send({ ...sent, metadata });
    };
    const watched: OpenCall & { phase: OpenCall['phase']; received: number } = {
      bounds: bounds(path),
      phase: 'message',
      received: 0,
      expire: (why) => call.sendStatus({ code: status.DEADLINE_EXCEEDED, details: why }),
      cut: () => stream.close(CANCEL),
    };
    const exhausted = (details: string): void => call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details });
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            context = begin(method, metadata, tracing);
            for (const observer of observers) observer.began?.();
            const tooMany = open.enter(watched);
            if (tooMany) return exhausted(tooMany);
            stream.once('close', () => open.leave(watched));
            const admit = (): void => {
              if (hasEnded) return;
              const refusal = path === INFER ? admission.refusal(0) : undefined;
              if (refusal) return exhausted(refusal.detail);
              const slot = path === INFER ? admission.admitGrowing() : undefined;
              leave = slot?.leave;
              boundMessages(call, watched, slot?.hold);
              pass(metadata);
            };
            const refuse = (error: unknown): void => call.sendStatus(toGrpcStatus(error));
            held = { path, metadata, peer: call.getPeer() };
            try {
              const passing = gate(held);
              if (passing) passing.then(admit, refuse);
              else admit();
            } catch (error) {
              refuse(error);
            }
          },
          // The handler is called now.
          onReceiveHalfClose: (pass) => {
            if (watched.phase === 'message') watched.phase = 'result';
            return context?.traced ? context.traced.run(pass) : pass();
          },
          // Called for every call, however it ended.
          onCancel: () => {
            hasEnded = true;
            leave?.();
            endStreamLater(stream);
            if (!context) return;
            const ended = code ?? status.CANCELLED;
            context.traced?.end(ended);
            const { requestId, traceId, started } = context;
            const milliseconds = performance.now() - started;
            const arm = arms.of(held?.metadata);
            for (const observer of observers) {
              observer.ended({
                requestId,
                traceId,
                caller: held?.caller,
                method,
                code: status[ended],
                arm,
                milliseconds,
              });
            }
          },
        }),
    });
  };
}

interface CallContext {
  readonly started: number;
  readonly requestId: string;
  readonly traceId?: string;
  readonly traced?: TracedCall;
  /** Names and values that are sent with its status. */
  readonly answer: readonly [string, string][];
}

function begin(method: string, metadata: Metadata, tracing: Tracing | null): CallContext {
  const started = performance.now();
  // Repeated values are ambiguous and therefore ignored.
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
  return { started, requestId, traceId: trace?.traceId, traced, answer };
}
