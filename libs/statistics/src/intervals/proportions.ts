import type { Proportion } from '../exact/fisher-exact.js';
import type { Interval } from '../bootstrap/percentile-interval.js';
import { Z95 } from './z95.js';

/**
 * The 95 % score interval of a share (E. B. Wilson, "Probable inference, the law of succession, and statistical
 * inference", 1927); 0 to 1 without rows.
 */
export function wilson({ count, rows }: Proportion): Interval {
  if (rows === 0) return { low: 0, high: 1 };
  const square = Z95 * Z95;
  const middle = (count + square / 2) / (rows + square);
  const half = (Z95 * Math.sqrt((count * (rows - count)) / rows + square / 4)) / (rows + square);
  return { low: count === 0 ? 0 : middle - half, high: count === rows ? 1 : middle + half };
}

/**
 * The 95 % interval of the difference of two shares, `one` minus `other`, from their Wilson intervals (R. G. Newcombe,
 * "Interval estimation for the difference between independent proportions", 1998, method 10).
 */
export function newcombe(one: Proportion, other: Proportion): Interval {
  const [p, q] = [one, other].map(({ count, rows }) => (rows === 0 ? 0.5 : count / rows));
  const [a, b] = [wilson(one), wilson(other)];
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  };
}
