import type { Readable } from 'node:stream';
import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
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
            if (path === BOUNDED) leave = boundBytes(call, admission);
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

/** Counts the bytes of a call as they come; grpc-js tells of a message only once it is whole. @returns what ends that */
function boundBytes(call: ServerInterceptingCallInterface, admission: Admission): () => void {
  const { hold, leave } = admission.admitGrowing();
  const { stream, incomingEncoding } = call as unknown as { stream: Readable; incomingEncoding: string };
  // What is packed may unpack to as much as a message may hold.
  let held = incomingEncoding === 'identity' ? 0 : Infinity;
  const count = (bytes: number): void => {
    const refusal = hold((held += bytes));
    if (refusal) call.sendStatus({ code: status.RESOURCE_EXHAUSTED, details: refusal.detail });
  };
  stream.on('data', (chunk: Buffer) => count(chunk.length));
  return leave;
}
