import {
  MAX_BATCH_BYTES,
  MAX_ENTITIES_PER_BATCH,
  MAX_METRICS_PER_BATCH,
  MAX_PARAMS_PER_BATCH,
  MAX_TAGS_PER_BATCH,
} from '../limits.js';
import { type BatchRecord, isBatchRecord, type MetricRecord, type TrackingRecord } from '../records.js';

/** The body of `runs/log-batch`. https://mlflow.org/docs/latest/api_reference/rest-api.html#log-batch */
export interface PushBatch {
  readonly metrics: MetricRecord[];
  readonly params: object[];
  readonly tags: object[];
}

const MOST = { metric: MAX_METRICS_PER_BATCH, param: MAX_PARAMS_PER_BATCH, tag: MAX_TAGS_PER_BATCH };
/** Bytes of the run's id and of the punctuation between the lists. */
const FRAME_BYTES = 1_000;

/** A record in MLflow's form. */
function entity(record: BatchRecord): object {
  const { key, value } = record;
  return record.type === 'metric' ? { key, value, timestamp: record.timestamp, step: record.step } : { key, value };
}

/** The end of a batch: the next record of another kind, or the first of MLflow's limits. */
export function batchEnd(records: readonly TrackingRecord[], from: number, most: number): number {
  const count = { metric: 0, param: 0, tag: 0 };
  const tags = new Set<string>();
  const last = Math.min(records.length, from + Math.min(most, MAX_ENTITIES_PER_BATCH));
  let bytes = FRAME_BYTES;
  let to = from;
  for (; to < last; to++) {
    const record = records[to];
    if (!isBatchRecord(record)) break;
    count[record.type] += 1;
    bytes += Buffer.byteLength(JSON.stringify(entity(record))) + 1;
    // Of two tags with one key the last must win, in whatever order a store applies a batch.
    const isAgain = record.type === 'tag' && tags.size === tags.add(record.key).size;
    if (count[record.type] > MOST[record.type] || bytes > MAX_BATCH_BYTES || isAgain) break;
  }
  return to;
}

export function batchOf(records: readonly TrackingRecord[]): PushBatch {
  const batch: PushBatch = { metrics: [], params: [], tags: [] };
  for (const record of records) {
    if (record.type === 'metric') batch.metrics.push(record);
    if (record.type === 'param') batch.params.push(entity(record));
    if (record.type === 'tag') batch.tags.push(entity(record));
  }
  return batch;
}

export const metricEntities = (metrics: readonly MetricRecord[]): object[] => metrics.map(entity);
