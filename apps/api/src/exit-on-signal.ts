import { setImmediate as turn } from 'node:timers/promises';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** A requested exit is a success, here as later. npm would print an error for any other code. */
const end = (): never => process.exit(0);

/**
 * Exits at once on a signal while there is nothing to finish. The first process of a container (PID 1) ignores signals
 * without a handler.
 */
export function exitOnSignal(): void {
  for (const signal of SIGNALS) process.on(signal, end);
}

/** Delivers pending signals: Node may boot a server without a single turn of its event loop. */
export async function receiveSignals(): Promise<void> {
  await turn();
}

/** From now on another handler, which is registered already so that no signal is lost, finishes requests in flight. */
export function stopExitingOnSignal(): void {
  for (const signal of SIGNALS) process.off(signal, end);
}
