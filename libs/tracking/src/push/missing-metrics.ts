import type { MlflowClient } from '../mlflow/mlflow-client.js';
import { metricHistory, sameness } from '../mlflow/metric-history.js';
import type { MetricRecord, TrackingRecord } from '../records.js';

const keyed = (key: string, same: string): string => `${key}\0${same}`;

/**
 * Of metrics that may have been sent, those that the server does not have.
 *
 * Other records are idempotent, but a metric sent twice is stored twice. So the server's history of each key is
 * compared, as a multiset, with what it acknowledged before: any surplus is the first of the metrics in doubt.
 */
export async function missingMetrics(
  client: MlflowClient,
  runId: string,
  acknowledged: readonly TrackingRecord[],
  metrics: readonly MetricRecord[],
): Promise<MetricRecord[]> {
  const there = new Map<string, number>();
  const add = (identity: string, count: number): number => {
    const sum = (there.get(identity) ?? 0) + count;
    there.set(identity, sum);
    return sum;
  };
  const keys = new Set(metrics.map(({ key }) => key));
  for (const key of keys) {
    for (const same of await metricHistory(client, runId, key)) add(keyed(key, same), 1);
  }
  for (const record of acknowledged) {
    if (record.type === 'metric' && keys.has(record.key)) add(keyed(record.key, sameness(record)), -1);
  }
  return metrics.filter((metric) => {
    const identity = keyed(metric.key, sameness(metric));
    if ((there.get(identity) ?? 0) <= 0) return true;
    add(identity, -1);
    return false;
  });
}
