import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { PATIENCE_SECONDS, within } from './within.js';

/** The first looks follow each other quickly, as most of what is waited for is nearly there. */
const LONGEST_PAUSE_MILLISECONDS = 20;

/**
 * Looks until something is there.
 *
 * @param options.seconds how long; also a look that never ends is waited for no longer
 * @param options.condition what the error says was waited for; the source of the look when not given
 * @throws Error with the condition and what the last look returned
 */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { seconds = PATIENCE_SECONDS, condition = look.toString() } = {},
): Promise<T> {
  let isOver = false;
  let last = 'none has ended';
  const looking = async (): Promise<T> => {
    for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)) {
      const found = await look();
      if (found || isOver) return found as T;
      last = inspect(found);
      await sleep(pause);
    }
  };
  try {
    return await within(looking(), () => `${condition}\nThe last look returned: ${last}`, seconds);
  } finally {
    isOver = true;
  }
}
