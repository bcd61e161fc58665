import { logBinomialTail } from '#statistics';
import { type Scale, SCALE_NAMES, windowsIn30Days } from '../time/scales.js';

/** What is asked of the accuracy of labelled predictions. */
export interface AccuracyFloor {
  /** Accuracy on the test part, as registered. */
  readonly registered: number;
  /** How much less is no reason to worry. */
  readonly margin: number;
}

/**
 * Whether the labelled rows of a closed, mature window prove an accuracy below the floor: the exact binomial test, at a level by which
 * no more than `budget` alarms are expected in 30 days while the accuracy is at the floor. The floor is a stated number, so no baseline
 * is to be doubted.
 */
export function isAccuracyLow(
  { registered, margin }: AccuracyFloor,
  { labels, correct }: { readonly labels: number; readonly correct: number },
  scale: Exclude<Scale, '1h'>,
  budget = 0.1,
): boolean {
  const level = budget / (SCALE_NAMES.length - 1) / windowsIn30Days(scale);
  return labels > 0 && logBinomialTail(correct, labels, registered - margin) <= Math.log(level);
}
