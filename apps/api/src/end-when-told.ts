import { constants } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

const end = (signal: NodeJS.Signals): never => process.exit(128 + constants.signals[signal]);

/**
 * Ends at once on a signal, as long as there is nothing to finish. The first process of a container must listen to
 * signals: the kernel has it ignore the others.
 */
export function endWhenTold(): void {
  for (const signal of SIGNALS) process.on(signal, end);
}

/** Lets signals be heard that have come: Node may boot a server without a single turn of its event loop. */
export async function hearSignals(): Promise<void> {
  await turn();
}

/** From now on somebody else, who listens already so that none is lost, answers signals and finishes what is under way. */
export function leaveSignals(): void {
  for (const signal of SIGNALS) process.off(signal, end);
}
