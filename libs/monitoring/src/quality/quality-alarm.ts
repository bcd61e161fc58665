import { logBinomialTail, logMeanExcess } from '#statistics';
import type { ErrorSums } from '../store/monitor-store.js';
import { type Scale, SCALE_NAMES, windowsIn30Days } from '../time/scales.js';

export type QualityScale = Exclude<Scale, '1h'>;

/** By default the floor of the accuracy is the registered one minus this margin. */
export const ACCURACY_MARGIN = 0.05;
/** By default the ceiling of the mean absolute error is the registered one times this ratio. */
export const ERROR_RATIO = 1.2;
/** With fewer errors, similar ones by chance would make their mean look certain. */
const LEAST_ERRORS = 30;

/** The level at which at most `budget` alarms are expected in 30 days while the quality is at its bound. */
const logLevel = (scale: QualityScale, budget: number): number =>
  Math.log(budget / (SCALE_NAMES.length - 1) / windowsIn30Days(scale));

/**
 * Whether the labelled rows of a closed, mature window prove an accuracy below the floor, by the exact binomial test. The floor is a
 * given number, so a one-sample test is enough.
 */
export function isAccuracyLow(
  floor: number,
  { labels, correct }: { readonly labels: number; readonly correct: number },
  scale: QualityScale,
  budget = 0.1,
): boolean {
  return labels > 0 && logBinomialTail(correct, labels, floor) <= logLevel(scale, budget);
}

/** Whether the labelled rows prove a mean absolute error above the ceiling, by Student's t-test at the same level. */
export function isErrorHigh(
  ceiling: number,
  { labels, absolute, squares }: Pick<ErrorSums, 'labels' | 'absolute' | 'squares'>,
  scale: QualityScale,
  budget = 0.1,
): boolean {
  const sums = { rows: labels, sum: absolute, squares };
  return labels >= LEAST_ERRORS && logMeanExcess(sums, ceiling) <= logLevel(scale, budget);
}
