import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricsSnapshot } from './messages.js';

/** Adds up (or as each metric's aggregator says) what several processes count. */
export function mergeSnapshots(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}

/**
 * What goes on counting of a process that has ended: its counters and histograms. Without them the sum would fall,
 * which Prometheus takes for a restart of everything and counts the rest twice.
 */
export function cumulative(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
}
