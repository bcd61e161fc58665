import type { Proportion } from '../exact/fisher-exact.js';
import { logStudentTails } from './student.js';

/**
 * How much the share of a split differs between the blocks of a stratum, as additive sums over strata. A block holds
 * rows that arrived together (a minute); blocks are compared within a stratum (an hour), which removes the daily cycle.
 */
export interface Dispersion {
  /** Sum of (blocks - 1) over strata with at least two blocks. */
  readonly degrees: number;
  /** Sum of the squared residuals of those blocks. */
  readonly squares: number;
  /** Sum of their residuals to the fourth power. */
  readonly fourths: number;
  /** Sum of the squared sizes of those blocks, times (k - 1) / k for the k blocks of a stratum. */
  readonly sizesWithin: number;
  /** Sum of the squared sizes of all blocks, also of a stratum's only one. */
  readonly sizes: number;
  /** The expectation of `squares` for independent rows. */
  readonly expected: number;
}

/** With fewer degrees of freedom the dispersion is too uncertain to use. */
export const LEAST_DEGREES = 9;

/** The variance of the count relative to independent rows (design effect); null where it cannot be estimated. */
export const designEffect = ({ degrees, squares, expected }: Dispersion): number | null =>
  degrees < LEAST_DEGREES || !(expected > 0) ? null : squares / expected;

/**
 * The variance of a block's share if the reference's share were the true one. A window with fewer rare events has less
 * variance between blocks for that reason alone; unscaled, a drop from 1 % to 0.2 % within batches would look
 * significant. The bound is the variance of blocks whose rows are all equal.
 */
function nullVariance(perBlock: number, now: number, before: number): number {
  const [own, reference] = [now * (1 - now), before * (1 - before)];
  return Math.max(perBlock, own > 0 ? Math.min(reference, (perBlock * reference) / own) : reference);
}

/**
 * Cluster-robust t-test of whether a window has the reference's share; the reference's rows count as independent. The
 * window's variance is estimated from its blocks, after Rao and Scott ("On chi-squared tests for multiway contingency
 * tables", 1984). Degrees of freedom are Satterthwaite's, so that one large block does not count as many.
 *
 * @returns ln p of both tails, or null with too few blocks
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
