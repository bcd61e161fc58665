import { logBinomialTail } from './binomial-tail.js';
import { logFisherExact, type Proportion } from './fisher-exact.js';

/** The chance with which what is called visible would have been seen. */
export const POWER = 0.8;
const HALVINGS = 40;

/** The smallest whole number in (low, high] for which the condition holds, where it goes on to hold. */
function firstWhole(low: number, high: number, holds: (value: number) => boolean): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The smallest larger share that {@link logFisherExact} would have told from the reference's with a chance of 80 %, its own noise
 * in the reference apart.
 *
 * @param rows of the window
 * @param logLevel natural logarithm of the level of the test
 * @returns null where not even a share of 1 would have been seen
 */
export function smallestVisibleShare(reference: Proportion, rows: number, logLevel: number): number | null {
  const isSeen = (count: number): boolean => logFisherExact({ count, rows }, reference, logLevel) <= logLevel;
  const share = reference.count / reference.rows;
  if (rows === 0 || !isSeen(rows)) return null;
  const needed = firstWhole(Math.floor(share * rows), rows, isSeen);
  let [low, high] = [share, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (1 - Math.exp(logBinomialTail(needed - 1, rows, middle)) >= POWER) high = middle;
    else low = middle;
  }
  return high;
}
