import { setImmediate as turn } from 'node:timers/promises';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** An end on request is a success, as when the server ends later. With another code npm prints an error. */
const end = (): never => process.exit(0);

/**
 * Ends at once on a signal, as long as there is nothing to finish. The first process of a container must listen to
 * signals: the kernel has it ignore the others.
 */
export function exitOnSignal(): void {
  for (const signal of SIGNALS) process.on(signal, end);
}

/** Lets signals be heard that have come: Node may boot a server without a single turn of its event loop. */
export async function receiveSignals(): Promise<void> {
  await turn();
}

/** From now on somebody else, who listens already so that none is lost, answers signals and finishes what is under way. */
export function stopExitingOnSignal(): void {
  for (const signal of SIGNALS) process.off(signal, end);
}
