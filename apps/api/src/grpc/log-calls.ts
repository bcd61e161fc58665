import type { Logger } from 'pino';
import type { CallObserver } from './call-observer.js';

const INFERENCE = 'inference.';

/** A line in the log for each call; for those of the health service and reflection at `debug`, as for HTTP's probes. */
export function logCalls(logger: Logger): CallObserver {
  return ({ method, code, milliseconds }) => {
    const line = { grpc_method: method, grpc_code: code, ms: Math.round(milliseconds * 1_000) / 1_000 };
    logger[method.startsWith(INFERENCE) ? 'info' : 'debug'](line, 'call');
  };
}
