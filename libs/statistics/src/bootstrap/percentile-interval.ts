import { quantile } from '../quantile.js';

/** Share of the resamples inside the interval. */
export const CONFIDENCE = 0.95;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The percentile interval (Efron and Tibshirani: An introduction to the bootstrap, 1993, chapter 13).
 *
 * @param values of the resamples, null where a resample has none
 * @returns null when no resample has a value
 */
export function percentileInterval(values: readonly (number | null)[]): Interval | null {
  const sorted = Float64Array.from(values.filter((value) => value !== null)).sort();
  if (sorted.length === 0) return null;
  return { low: quantile(sorted, (1 - CONFIDENCE) / 2), high: quantile(sorted, (1 + CONFIDENCE) / 2) };
}
