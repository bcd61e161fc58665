import { AggregatorRegistry, type Registry } from 'prom-client';
import type { Snapshot } from './messages.js';

/** Adds up (or as each metric's aggregator says) what several processes count. */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}

/**
 * What goes on counting of a process that has ended: its counters and histograms. Without them the sum would fall,
 * which Prometheus takes for a restart of everything and counts the rest twice.
 */
export function cumulative(snapshot: Snapshot): Snapshot {
  return snapshot.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
}
