import { logBinomialTail, logMeanExcess } from '#statistics';
import type { ErrorSums } from '../store/monitor-store.js';
import { type Scale, SCALE_NAMES, windowsIn30Days } from '../time/scales.js';

export type QualityScale = Exclude<Scale, '1h'>;

/** The floor of an accuracy that nobody has stated: so much less than the registered one is no reason to worry. */
export const ACCURACY_MARGIN = 0.05;
/** The ceiling of a mean absolute error that nobody has stated: so many times the registered one is no reason to worry. */
export const ERROR_RATIO = 1.2;
/** The mean of fewer errors, all of them alike by chance, would be taken for certain. */
const LEAST_ERRORS = 30;

/** By it no more than `budget` alarms are expected in 30 days while the quality is at its bound. */
const logLevel = (scale: QualityScale, budget: number): number =>
  Math.log(budget / (SCALE_NAMES.length - 1) / windowsIn30Days(scale));

/**
 * Whether the labelled rows of a closed, mature window prove an accuracy below the floor: the exact binomial test. The floor is a
 * stated number, so no baseline is to be doubted.
 */
export function isAccuracyLow(
  floor: number,
  { labels, correct }: { readonly labels: number; readonly correct: number },
  scale: QualityScale,
  budget = 0.1,
): boolean {
  return labels > 0 && logBinomialTail(correct, labels, floor) <= logLevel(scale, budget);
}

/** Whether they prove a mean absolute error above the ceiling: Student's test, at the same level. */
export function isErrorHigh(
  ceiling: number,
  { labels, absolute, squares }: Pick<ErrorSums, 'labels' | 'absolute' | 'squares'>,
  scale: QualityScale,
  budget = 0.1,
): boolean {
  const sums = { rows: labels, sum: absolute, squares };
  return labels >= LEAST_ERRORS && logMeanExcess(sums, ceiling) <= logLevel(scale, budget);
}
