import { existsSync, statSync } from 'node:fs';
import { MlflowClient } from '../mlflow/mlflow-client.js';
import type { TrackingRecord } from '../records.js';
import { Journal, readJournal } from '../store/journal.js';
import { isAlive } from '#kit';
import { RunFolder } from '../store/run-folder.js';
import type { PatientServer } from '../tracking.options.js';
import type { PushReport } from './push-report.js';
import { pushRun } from './push-run.js';

/** A run whose process has died cannot end itself: it is ended as KILLED, at the time of its last record. */
function readEnded({ journal }: RunFolder): readonly TrackingRecord[] {
  const records = readJournal<TrackingRecord>(journal);
  const first = records.at(0);
  if (first?.type !== 'run' || records.at(-1)?.type === 'end' || isAlive(first.owner)) return records;
  const endTime = Math.trunc(statSync(journal).mtimeMs);
  const file = Journal.open<TrackingRecord>(journal);
  file.append(
    { type: 'tag', key: 'error', value: 'Its process ended without a word: killed, or the machine went down.' },
    { type: 'end', status: 'KILLED', endTime },
  );
  file.close();
  return file.entries;
}

/** Pushes every run of a store, oldest first, until the server does not respond. */
export async function pushStore(store: string, server: PatientServer, signal?: AbortSignal): Promise<PushReport[]> {
  const client = new MlflowClient(server, signal);
  const reports: PushReport[] = [];
  const folders = existsSync(store) ? RunFolder.list(store) : [];
  const aliases = folders.flatMap(({ journal }) =>
    readJournal<TrackingRecord>(journal).filter((record) => record.type === 'alias'),
  );
  for (const folder of folders) {
    // Pruned concurrently.
    if (!existsSync(folder.path)) continue;
    const report = await pushRun(client, folder, () => readEnded(folder), aliases);
    signal?.throwIfAborted();
    if (report.sent > 0 || report.pending > 0) reports.push(report);
    if (report.isUnreachable) break;
  }
  return reports;
}
