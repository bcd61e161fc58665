import type { MlflowClient } from '../mlflow/mlflow-client.js';
import { createModelVersion, setAlias } from '../mlflow/model-registry.js';
import { createRun, endRun, logInput, type ServerRun } from '../mlflow/runs.js';
import { type AliasRecord, isBatchRecord, type TrackingRecord } from '../records.js';
import type { RunFolder } from '../store/run-folder.js';
import { batchEnd, batchOf, metricEntities } from './batch.js';
import { missingMetrics } from './missing-metrics.js';
import { sendArtifact } from './send-artifact.js';

/** The context of a run's steps. */
export interface PushContext {
  readonly client: MlflowClient;
  readonly folder: RunFolder;
  /** May grow while it is being pushed. */
  readonly records: readonly TrackingRecord[];
  /** All aliases of the store, of all runs. */
  readonly aliases: readonly AliasRecord[];
}

/** The end of the records that are sent at once: a batch, or a single record. */
export function stepEnd(records: readonly TrackingRecord[], from: number, most: number): number {
  return isBatchRecord(records[from]) ? batchEnd(records, from, most) : from + 1;
}

async function sendBatch(
  { client, records }: PushContext,
  { run_id }: ServerRun,
  [from, to]: readonly [number, number],
  isInDoubt: boolean,
): Promise<void> {
  const { metrics, params, tags } = batchOf(records.slice(from, to));
  const missing = isInDoubt ? await missingMetrics(client, run_id, records.slice(0, from), metrics) : metrics;
  await client.post('runs/log-batch', { run_id, metrics: metricEntities(missing), params, tags });
}

/** Whether an artifact is logged again later: its file already has the new content, so only the later one is sent. */
const isReplaced = (records: readonly TrackingRecord[], from: number, path: string): boolean =>
  records.slice(from + 1).some((later) => later.type === 'artifact' && later.path === path);

/** Whether an alias was moved later: then the run that moved it sends it. */
const isMoved = ({ name, alias, timestamp }: AliasRecord, aliases: readonly AliasRecord[]): boolean =>
  aliases.some((later) => later.name === name && later.alias === alias && later.timestamp > timestamp);

/**
 * Sends the records of one step.
 *
 * @param isInDoubt some may be on the server already: those that are not idempotent are looked up first
 * @returns the server's run, when this step has created it
 */
export async function sendStep(
  context: PushContext,
  run: ServerRun | undefined,
  [from, to]: readonly [number, number],
  isInDoubt: boolean,
): Promise<ServerRun | undefined> {
  const { client, folder, records } = context;
  const record = records[from];
  if (record.type === 'run') return createRun(client, record, isInDoubt);
  if (record.type === 'alias') {
    if (!isMoved(record, context.aliases)) await setAlias(client, record);
  }
  // The run's own record precedes all others.
  else if (isBatchRecord(record)) await sendBatch(context, run!, [from, to], isInDoubt);
  else if (record.type === 'input') await logInput(client, run!, record.dataset, record.context);
  else if (record.type === 'model-version') await createModelVersion(client, run!, record, isInDoubt);
  else if (record.type === 'end') await endRun(client, run!, record.status, record.endTime);
  else if (!isReplaced(records, from, record.path)) await sendArtifact(client, run!, folder.artifacts, record);
  return undefined;
}
