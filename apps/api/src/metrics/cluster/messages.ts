import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** The metrics of one process, in prom-client's form for aggregation. */
export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/** Messages between the workers and the primary; the key `skewless` distinguishes them from other messages. */
export type MetricsMessage =
  /** Worker to primary: asks for the metrics of all workers. */
  | { readonly skewless: 'metrics-wanted'; readonly id: number }
  /** Primary to worker: the metrics of all workers, or an error. */
  | { readonly skewless: 'metrics-shown'; readonly id: number; readonly text?: string; readonly error?: string }
  /** Primary to each worker: asks for its metrics. */
  | { readonly skewless: 'snapshot-wanted'; readonly id: number }
  /** Worker to primary: its metrics. */
  | { readonly skewless: 'snapshot'; readonly id: number; readonly snapshot: MetricsSnapshot };
