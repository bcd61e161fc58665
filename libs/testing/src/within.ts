// Not the global one, which a spec may replace.
import { clearTimeout, setTimeout } from 'node:timers';

/** How long a test waits for what takes a second or two on an idle machine; shorter than the time limit of a test. */
export const PATIENCE_SECONDS = 120;

/**
 * A promise's value.
 *
 * @param what is waited for, as the error tells it; called when the time is over
 * @throws Error when the promise has not settled in time
 */
export async function within<T>(promise: Promise<T>, what: () => string, seconds = PATIENCE_SECONDS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${seconds} s in vain for ${what()}`)), seconds * 1_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
