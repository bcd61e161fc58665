import { type ServerInterceptor, ServerInterceptingCall, status } from '@grpc/grpc-js';
import type { Admission } from '../http/admission.js';
import type { CallObserver } from './call-observer.js';

/** What takes a model's time; probes and other reads always pass. */
const BOUNDED = '/inference.GRPCInferenceService/ModelInfer';

/**
 * Attends every call of a server: refuses at its head, before its message is read, what is more than may be under way, and
 * tells the observers how each one ended.
 */
export function attendCalls(admission: Admission, observers: readonly CallObserver[]): ServerInterceptor {
  return ({ path }, call) => {
    let started = 0;
    let code: status | undefined;
    let leave: (() => void) | undefined;
    // grpc-js ends calls by this method itself too: at a deadline, or at a message that is too large.
    const send = call.sendStatus.bind(call);
    call.sendStatus = (sent) => {
      code ??= sent.code ?? status.UNKNOWN;
      send(sent);
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            started = performance.now();
            const refusal = path === BOUNDED ? admission.refusal(0) : undefined;
            if (refusal) return call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: refusal.detail });
            if (path === BOUNDED) leave = admission.admit(0);
            pass(metadata);
          },
          // Of every call, however it ended.
          onCancel: () => {
            leave?.();
            const milliseconds = performance.now() - started;
            const ended = { method: path.slice(1), code: status[code ?? status.CANCELLED], milliseconds };
            for (const observe of observers) observe(ended);
          },
        }),
    });
  };
}
