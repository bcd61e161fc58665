import { outwardSum } from './outward-sum.js';
import { logHypergeometricPoint } from './point-probabilities.js';

/** A count of some rows. */
export interface Proportion {
  readonly count: number;
  readonly rows: number;
}

/** ln min(1, 2 min(tail, other tail)), where both tails include the point. */
function doubledSmallerTail(logPoint: number, relative: number): number {
  const logTail = logPoint + Math.log(relative);
  const tail = Math.exp(logTail);
  const other = 1 + Math.exp(logPoint) - tail;
  const smaller = other < tail ? Math.log(other) : logTail;
  return Math.min(0, Math.LN2 + smaller);
}

/**
 * Fisher's exact test of whether two samples have the same share (R. A. Fisher, "On the interpretation of chi-square
 * from contingency tables", 1922): the smaller tail of the hypergeometric distribution, doubled. It is exact for any
 * number of rows: at most a share `a` of samples of one distribution have p <= a.
 *
 * @param stopAbove a natural logarithm: once p is known to be larger, a lower bound above it may be returned
 * @returns the natural logarithm of p, as p itself may underflow float64
 */
export function logFisherExact(one: Proportion, other: Proportion, stopAbove = Infinity): number {
  const [marked, others] = [one.count + other.count, one.rows + other.rows - one.count - other.count];
  const drawn = one.rows;
  if (marked === 0 || others === 0 || drawn === 0 || other.rows === 0) return 0;
  const x = one.count;
  const logPoint = logHypergeometricPoint(x, marked, others, drawn);
  const isBelow = x * (marked + others) <= drawn * marked;
  // The ratio of each term x - 1, x - 2, ... or x + 1, x + 2, ... to the one before.
  const rest = others - drawn;
  const ratio = isBelow
    ? (step: number): number => {
        const i = x - step + 1;
        return (i * (rest + i)) / ((marked - i + 1) * (drawn - i + 1));
      }
    : (step: number): number => {
        const i = x + step - 1;
        return ((marked - i) * (drawn - i)) / ((i + 1) * (rest + i + 1));
      };
  return doubledSmallerTail(logPoint, outwardSum(ratio, Math.exp(stopAbove - logPoint)));
}
