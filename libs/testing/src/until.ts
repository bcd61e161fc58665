import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MILLISECONDS = 20;

/** How long a test waits for an event; shorter than the test's timeout, so that no wait outlives its test. */
export const PATIENCE_MILLISECONDS = 300_000;

/** Polls until something is there. */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (const end = performance.now() + PATIENCE_MILLISECONDS; performance.now() < end; await sleep(POLL_MILLISECONDS)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`Waited in vain for ${look.toString()}`);
}
