import type { Proportion } from '../exact/fisher-exact.js';
import { logStudentTails } from './student.js';

/**
 * How much the share of a split differs between the blocks of a stratum: sums over strata, so that they add up. A block is what
 * arrived together (a minute), a stratum what it is compared within (its hour), so that the course of a day counts for nothing.
 */
export interface Dispersion {
  /** Blocks less one, of strata with two or more. */
  readonly degrees: number;
  /** Of the residuals of such blocks, squared. */
  readonly squares: number;
  /** Of the residuals to the fourth power. */
  readonly fourths: number;
  /** Of the squared sizes of such blocks, times (k - 1) / k for the k blocks of a stratum. */
  readonly sizesWithin: number;
  /** Of the squared sizes of all blocks, also of those alone in their stratum. */
  readonly sizes: number;
  /** What `squares` would be on average if rows were independent. */
  readonly expected: number;
}

/** With fewer degrees of freedom a dispersion is not known well enough to judge by. */
export const LEAST_DEGREES = 9;

/** How many times as large the variance of the count is as that of independent rows; null where that cannot be told. */
export const designEffect = ({ degrees, squares, expected }: Dispersion): number | null =>
  degrees < LEAST_DEGREES || !(expected > 0) ? null : squares / expected;

/**
 * The variance of a block's share, were the reference's share the true one. Where a window shows less of what is rare, its blocks
 * differ less for that reason alone: taken as they are, 1 % that batches make 0.2 % would be news. It is at most that of blocks whose
 * rows are all alike.
 */
function nullVariance(perBlock: number, now: number, before: number): number {
  const [own, reference] = [now * (1 - now), before * (1 - before)];
  return Math.max(perBlock, own > 0 ? Math.min(reference, (perBlock * reference) / own) : reference);
}

/**
 * The cluster-robust t-test that a window has the reference's share, whose rows are independent: the variance of the window is
 * taken from its blocks, in the manner of Rao and Scott ("On chi-squared tests for multiway contingency tables", 1984); degrees of
 * freedom by Satterthwaite, so that one large block is not taken for many.
 *
 * @returns ln p of both tails, or null where the blocks are too few to tell
 */
export function logClusterTest(window: Proportion, reference: Proportion, dispersion: Dispersion): number | null {
  const { degrees, squares, fourths, sizesWithin, sizes } = dispersion;
  if (degrees < LEAST_DEGREES || window.rows === 0 || reference.rows === 0) return null;
  const share = reference.count / reference.rows;
  const difference = window.count / window.rows - share;
  if (difference === 0) return 0;
  const perBlock = nullVariance(sizesWithin > 0 ? squares / sizesWithin : 0, window.count / window.rows, share);
  const variance = (perBlock * sizes) / window.rows ** 2 + (share * (1 - share)) / reference.rows;
  const free = fourths > 0 ? Math.min(degrees, squares ** 2 / fourths) : degrees;
  return logStudentTails(difference / Math.sqrt(variance), free);
}
