import { logBinomialTail } from './binomial-tail.js';
import { logFisherExact, type Proportion } from './fisher-exact.js';

/** The power of the test: the chance that a change of the returned size would have been detected. */
export const POWER = 0.8;
const HALVINGS = 40;

/** The smallest whole number in (low, high] for which a monotone condition holds. */
function firstWhole(low: number, high: number, holds: (value: number) => boolean): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The smallest larger share that {@link logFisherExact} would have detected with a chance of 80 %, ignoring the
 * sampling error of the reference.
 *
 * @param rows of the window
 * @param logLevel natural logarithm of the level of the test
 * @returns null where not even a share of 1 would have been detected
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
