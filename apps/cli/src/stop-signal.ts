import { setImmediate as turn } from 'node:timers/promises';
import { EXIT } from './exit-codes.js';
import { InputError } from '#kit';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const stoppedBy = (signal: NodeJS.Signals): string => `Stopped by ${signal}; nothing half-written is left.`;

function end(signal: NodeJS.Signals): never {
  console.error(`error: ${stoppedBy(signal)}`);
  process.exit(EXIT.stopped);
}

/**
 * Exits at once on Ctrl-C or SIGTERM, until a command handles signals itself: loading the code of commands takes a
 * while.
 */
export function exitOnSignal(): void {
  for (const signal of SIGNALS) process.on(signal, end);
}

/** Delivers signals that arrived while code was loading: Node may load it without a single turn of its event loop. */
export async function receiveSignals(): Promise<void> {
  await turn();
}

/** Aborts on Ctrl-C or SIGTERM, so that half-written files can be removed. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of SIGNALS) {
    process.once(signal, () => controller.abort(new InputError(stoppedBy(signal), true)));
    process.off(signal, end);
  }
  return controller.signal;
}
