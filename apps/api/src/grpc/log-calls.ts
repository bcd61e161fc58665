import type { Logger } from 'pino';
import type { CallObserver } from './call-observer.js';

const INFERENCE = 'inference.';

/** Logs a line for each call; at `debug` for the health service and reflection, as for HTTP's probes. */
export function logCalls(logger: Logger): CallObserver {
  const ended: CallObserver['ended'] = ({ requestId, traceId, caller, method, code, milliseconds }) => {
    const who = { request_id: requestId, trace_id: traceId, caller };
    const line = { ...who, grpc_method: method, grpc_code: code, ms: Math.round(milliseconds * 1_000) / 1_000 };
    logger[method.startsWith(INFERENCE) ? 'info' : 'debug'](line, 'call');
  };
  return { ended };
}
