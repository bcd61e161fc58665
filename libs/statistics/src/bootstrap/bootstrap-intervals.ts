import type { HeadlineScores } from '../metrics/weighted-scores.js';
import { type Interval, percentileInterval } from './percentile-interval.js';

/** The metrics with an interval, in the order of reports. */
export const HEADLINES = ['accuracy', 'f1', 'roc_auc', 'log_loss'] as const satisfies (keyof HeadlineScores)[];

/** An interval for each metric from the scores of the resamples; null where none of them has the metric. */
export function bootstrapIntervals(
  resampled: readonly HeadlineScores[],
): Record<keyof HeadlineScores, Interval | null> {
  const interval = (metric: keyof HeadlineScores): Interval | null =>
    percentileInterval(resampled.map((scores) => scores[metric]));
  return Object.fromEntries(HEADLINES.map((metric) => [metric, interval(metric)])) as ReturnType<
    typeof bootstrapIntervals
  >;
}
