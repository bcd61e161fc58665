/** A point at which both cumulative shares are known; where one jumps, it has a lower and an upper end. */
export interface CumulativePoint {
  readonly expected: number;
  readonly actual: { readonly below: number; readonly upTo: number };
}

/** The actual cumulative share; within a jump, the value closest to the expected share. */
export const nearest = ({ expected, actual }: CumulativePoint): number =>
  Math.min(Math.max(expected, actual.below), actual.upTo);

/**
 * The two-sample Kolmogorov-Smirnov distance, the largest difference of the cumulative distributions, at the points
 * that a reference stores: a lower bound of the distance over all values (W. J. Conover, "Practical Nonparametric
 * Statistics", 3rd ed., Wiley 1999, section 6.3).
 */
export function kolmogorovSmirnov(points: readonly CumulativePoint[]): number {
  return points.reduce((most, point) => Math.max(most, Math.abs(point.expected - nearest(point))), 0);
}

const ALPHA = 0.001;

/** The critical distance at a significance level of 0.1 % (Smirnov's limit; Conover, table A20). */
export function distanceByChance(rows: { readonly expected: number; readonly actual: number }): number {
  return Math.sqrt((-Math.log(ALPHA / 2) / 2) * (1 / rows.expected + 1 / rows.actual));
}
