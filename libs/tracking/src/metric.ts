import { checkKey } from './limits.js';
import type { MetricRecord, MetricValue } from './records.js';
import { TrackingError } from './tracking.error.js';

export interface Metric {
  readonly key: string;
  /** May be NaN or infinite. */
  readonly value: number;
  /** For example the boosting round; 0 when not given. */
  readonly step?: number;
  /** Milliseconds since 1970; now when not given. */
  readonly timestamp?: number;
}

const asJson = (value: number): MetricValue => (Number.isFinite(value) ? value : (String(value) as MetricValue));

/** @throws TrackingError when MLflow would reject it */
export function metricRecord({ key, value, step = 0, timestamp = Date.now() }: Metric): MetricRecord {
  checkKey('metric', key);
  if (typeof value !== 'number' || !Number.isSafeInteger(step) || !Number.isSafeInteger(timestamp) || timestamp < 0) {
    throw new TrackingError(
      `The metric "${key}" (value ${value}, step ${step}, timestamp ${timestamp}) must be a number, ` +
        'its step a whole number, its timestamp whole milliseconds since 1970',
    );
  }
  return { type: 'metric', key, value: asJson(value), timestamp, step };
}
