import type { Interval } from '../bootstrap/percentile-interval.js';
import { logStudentTails } from '../cluster/student.js';
import { Z95 as Z } from './z95.js';

/** Sums over values that suffice to judge their mean. */
export interface MeanSums {
  readonly rows: number;
  readonly sum: number;
  /** Sum of the squared values. */
  readonly squares: number;
}

/** 97.5 % quantile of Student's t by the Cornish-Fisher series; within 1 % from 4 degrees on. */
function studentQuantile(degrees: number): number {
  const terms = [
    Z,
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
  ];
  return terms.reduce((sum, term, power) => sum + term / degrees ** power, 0);
}

const standardError = ({ rows, sum, squares }: MeanSums): number =>
  Math.sqrt(Math.max(0, squares - (sum * sum) / rows) / (rows - 1) / rows);

/** The 95 % interval of a mean by Student's t; null with fewer than two values. */
export function meanInterval(sums: MeanSums): (Interval & { readonly value: number }) | null {
  const { rows, sum } = sums;
  if (rows < 2) return null;
  const value = sum / rows;
  const half = studentQuantile(rows - 1) * standardError(sums);
  return { value, low: value - half, high: value + half };
}

/**
 * ln p of Student's one-sided test of whether the true mean is at most a bound. For right-skewed values, such as
 * absolute errors, it is conservative, because their mean and spread rise together.
 */
export function logMeanExcess(sums: MeanSums, bound: number): number {
  const { rows, sum } = sums;
  if (rows < 2 || !(sum / rows > bound)) return 0;
  return logStudentTails((sum / rows - bound) / standardError(sums), rows - 1) - Math.LN2;
}
