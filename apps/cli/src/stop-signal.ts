import { setImmediate as turn } from 'node:timers/promises';
import { EXIT } from './exit-codes.js';
import { InputError } from '#kit';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const stoppedBy = (signal: NodeJS.Signals): string => `Stopped by ${signal}; nothing half-written is left.`;

function end(signal: NodeJS.Signals): never {
  console.error(`error: ${stoppedBy(signal)}`);
  process.exit(EXIT.stopped);
}

/** Ends at once at Ctrl-C or SIGTERM, until a command listens itself: loading all that commands need takes a while. */
export function exitOnSignal(): void {
  for (const signal of SIGNALS) process.on(signal, end);
}

/** Lets signals be heard that came while all was loaded: Node may do that without a single turn of its event loop. */
export async function receiveSignals(): Promise<void> {
  await turn();
}

/** Aborts at Ctrl-C or SIGTERM, so that what is half written can be removed. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) {
    process.once(signal, () => controller.abort(new InputError(stoppedBy(signal), true)));
    process.off(signal, end);
  }
  return controller.signal;
}
