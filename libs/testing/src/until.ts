import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MILLISECONDS = 20;

/** How long a test waits for what must come; less than its own timeout, so that nothing goes on behind it. */
export const PATIENCE_MILLISECONDS = 300_000;

/** Asks again until something is there. */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (const end = performance.now() + PATIENCE_MILLISECONDS; performance.now() < end; await sleep(POLL_MILLISECONDS)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`Waited in vain for ${look.toString()}`);
}
