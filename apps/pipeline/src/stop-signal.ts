import { InputError } from './input.error.js';

/** Aborts at Ctrl-C or SIGTERM, so that what is half written can be removed. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () =>
      controller.abort(new InputError(`Stopped by ${signal}; nothing half-written is left.`, true)),
    );
  }
  return controller.signal;
}
