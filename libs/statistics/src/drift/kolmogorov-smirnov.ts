/** A place on the number line where both cumulative shares are known; a jump there has a lower and an upper end. */
export interface CumulativePoint {
  readonly expected: number;
  readonly actual: { readonly below: number; readonly upTo: number };
}

/** The share of rows up to the point: where equal values make the distribution jump, as near as the jump allows. */
export const nearest = ({ expected, actual }: CumulativePoint): number =>
  Math.min(Math.max(expected, actual.below), actual.upTo);

/**
 * Two-sample Kolmogorov-Smirnov distance, the largest difference of the cumulative distributions, over the points
 * that a reference records: a lower bound of the distance over all values (W. J. Conover, "Practical Nonparametric
 * Statistics", 3rd ed., Wiley 1999, section 6.3).
 */
export function kolmogorovSmirnov(points: readonly CumulativePoint[]): number {
  return points.reduce((most, point) => Math.max(most, Math.abs(point.expected - nearest(point))), 0);
}

const ALPHA = 0.001;

/** The distance that chance alone exceeds once in a thousand times (Smirnov's limit; Conover, table A20). */
export function distanceByChance(rows: { readonly expected: number; readonly actual: number }): number {
  return Math.sqrt((-Math.log(ALPHA / 2) / 2) * (1 / rows.expected + 1 / rows.actual));
}
