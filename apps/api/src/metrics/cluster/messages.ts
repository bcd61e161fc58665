import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** The metrics of one process, as prom-client writes them for others to aggregate. */
export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/** What workers and their primary say to each other; `skewless` tells these messages from others'. */
export type MetricsMessage =
  /** Worker to primary: what do all of us together show? */
  | { readonly skewless: 'metrics-wanted'; readonly id: number }
  /** Primary to worker: the answer, or why there is none. */
  | { readonly skewless: 'metrics-shown'; readonly id: number; readonly text?: string; readonly error?: string }
  /** Primary to each worker: what do you have? */
  | { readonly skewless: 'snapshot-wanted'; readonly id: number }
  /** Worker to primary. */
  | { readonly skewless: 'snapshot'; readonly id: number; readonly snapshot: MetricsSnapshot };
