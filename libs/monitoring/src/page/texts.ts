import { numberText } from '../drift/words.js';
import type { Scale } from '../time/scales.js';

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** A difference of shares. */
export const points = (share: number): string => `${(100 * share).toFixed(1)} points`;

export const whole = (count: number): string => Math.round(count).toLocaleString('en');

/** Accuracy has three decimals, more than labels can support; errors are in the unit of the target. */
export const metricText = (metric: keyof typeof METRIC_TITLES, value: number): string =>
  metric === 'accuracy' ? value.toFixed(3) : numberText(Number(value.toPrecision(4)));

export const METRIC_TITLES = {
  accuracy: 'Accuracy',
  mae: 'Mean absolute error',
  rmse: 'Root mean squared error',
  bias: 'Mean error',
} as const;

/** The metric that an alarm of quality is about. */
export const METRIC_OF = { accuracy: 'accuracy', error: 'mae' } as const;

/** A short description of such an alarm. */
export const BAD_WORDS = { accuracy: 'accuracy is low', error: 'errors are large' } as const;

/** "3.1e-9"; a p-value that has underflowed to 0 is shown as a bound. */
export function chanceText(p: number): string {
  if (p === 0) return 'below 1e-300';
  return p >= 0.001 ? p.toFixed(3) : p.toExponential(1);
}

const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

export const dateText = (time: number | string): string => DATE.format(new Date(time));

/** "28 Nov 2026, 14:00 UTC"; midnight needs no time. */
export function timeText(time: number | string): string {
  const clock = new Date(time).toISOString().slice(11, 16);
  return clock === '00:00' ? dateText(time) : `${dateText(time)}, ${clock} UTC`;
}

export const SCALE_TEXTS: Readonly<Record<Scale, string>> = {
  '1h': '1 hour',
  '1d': '1 day',
  '7d': '7 days',
  '28d': '28 days',
};

export const STATUS_TEXTS = {
  moved: 'moved',
  as_usual: 'as usual',
  too_few_rows: 'too few rows',
  no_baseline: 'no baseline',
} as const;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`;
