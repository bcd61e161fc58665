import type { MlflowClient } from '../mlflow/mlflow-client.js';
import { MlflowError } from '../mlflow/mlflow.error.js';
import { checkActive } from '../mlflow/runs.js';
import type { AliasRecord, TrackingRecord } from '../records.js';
import { readJournal } from '../store/journal.js';
import { tryLock } from '#kit';
import type { RunFolder } from '../store/run-folder.js';
import type { PushReport } from './push-report.js';
import { retrying } from './retrying.js';
import { SentState } from './sent-state.js';
import { type PushContext, sendStep, stepEnd } from './step.js';

/** Halves a rejected batch until the single rejected record is found. */
async function afterRefusal(
  { client, records }: PushContext,
  sent: SentState,
  [from, to]: readonly [number, number],
  error: MlflowError,
): Promise<number> {
  if (records[from].type === 'run') throw error;
  if (sent.run) await retrying(client, () => checkActive(client, sent.run!));
  if (to - from === 1) sent.refuse({ record: from, reason: error.message });
  return Math.ceil((to - from) / 2);
}

async function pushRecords(context: PushContext, sent: SentState): Promise<void> {
  const { client, records } = context;
  let most = Infinity;
  while (sent.acknowledged < records.length) {
    const from = sent.acknowledged;
    const to = stepEnd(records, from, most);
    const wasInDoubt = sent.begin(to);
    try {
      const run = await retrying(client, (isInDoubt) =>
        sendStep(context, sent.run, [from, to], wasInDoubt || isInDoubt),
      );
      sent.acknowledge(to, run);
      most = Infinity;
    } catch (error) {
      if (!(error instanceof MlflowError) || !error.isRefusal) throw error;
      most = await afterRefusal(context, sent, [from, to], error);
    }
  }
}

function reportOf(
  { folder, records }: PushContext,
  sent: SentState,
  before: number,
  problem?: MlflowError,
): PushReport {
  return {
    folder: folder.path,
    runId: sent.run?.run_id,
    sent: sent.acknowledged - before,
    pending: records.length - sent.acknowledged,
    refusals: [...sent.refusals],
    ...(problem && { problem: problem.message, isUnreachable: problem.status === undefined }),
  };
}

/**
 * Sends the records of one run that a server does not have yet, in order, up to the first failure.
 *
 * Server errors are not thrown: the report contains them, and the rest stays for the next push.
 *
 * @param readRecords called once this push holds the run's lock
 * @param aliases set in any run: an alias that was moved later is not moved back
 */
export async function pushRun(
  client: MlflowClient,
  folder: RunFolder,
  readRecords: () => readonly TrackingRecord[],
  aliases: readonly AliasRecord[] = [],
): Promise<PushReport> {
  const release = tryLock(folder.path, 'push');
  if (!release) {
    const pending = readJournal(folder.journal).length;
    const problem = `another push is sending it (see push.*.lock in ${folder.path})`;
    return { folder: folder.path, sent: 0, pending, refusals: [], problem };
  }
  const sent = SentState.open(folder.sent(client.server.uri));
  const before = sent.acknowledged;
  const context = { client, folder, records: readRecords(), aliases };
  try {
    await pushRecords(context, sent);
    return reportOf(context, sent, before);
  } catch (error) {
    if (error instanceof MlflowError) return reportOf(context, sent, before, error);
    throw error;
  } finally {
    sent.close();
    release();
  }
}
