import { outwardSum } from './outward-sum.js';
import { logHypergeometricPoint } from './point-probabilities.js';

/** So many of so many rows. */
export interface Proportion {
  readonly count: number;
  readonly rows: number;
}

/** ln min(1, 2 min(tail, other tail)), where both tails hold the point. */
function doubledSmallerTail(logPoint: number, relative: number): number {
  const logTail = logPoint + Math.log(relative);
  const tail = Math.exp(logTail);
  const other = 1 + Math.exp(logPoint) - tail;
  const smaller = other < tail ? Math.log(other) : logTail;
  return Math.min(0, Math.LN2 + smaller);
}

/**
 * Fisher's exact test that two samples have the same share (R. A. Fisher, "On the interpretation of chi-square from contingency
 * tables", 1922): the smaller tail of the hypergeometric distribution, doubled. Exact at any number of rows, so never more than
 * `a` of the samples of one distribution have a p of at most `a`.
 *
 * @param stopAbove a natural logarithm: once p is known to be larger, a lower bound above it may be returned
 * @returns the natural logarithm of p, as p itself may be too small for float64
 */
export function logFisherExact(one: Proportion, other: Proportion, stopAbove = Infinity): number {
  const [marked, others] = [one.count + other.count, one.rows + other.rows - one.count - other.count];
  const drawn = one.rows;
  if (marked === 0 || others === 0 || drawn === 0 || other.rows === 0) return 0;
  const x = one.count;
  const logPoint = logHypergeometricPoint(x, marked, others, drawn);
  const isBelow = x * (marked + others) <= drawn * marked;
  // The share of those not drawn: the terms x - 1, x - 2, ... or x + 1, x + 2, ... over the one before.
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
