import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricsSnapshot } from './messages.js';

/** Combines the metrics of several processes: the sum, or as each metric's aggregator says. */
export function mergeSnapshots(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}

/**
 * The counters and histograms of a snapshot, kept after its process has ended. Without them the sum would fall, which
 * Prometheus would take for a counter reset and count the rest twice.
 */
export function cumulative(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
}
