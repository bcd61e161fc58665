import { setImmediate } from 'node:timers/promises';
import { MlflowClient } from '../mlflow/mlflow-client.js';
import type { TrackingRecord } from '../records.js';
import type { RunFolder } from '../store/run-folder.js';
import type { PatientServer } from '../tracking.options.js';
import type { PushReport } from './push-report.js';
import { pushRun } from './push-run.js';

/**
 * Sends a run's records in the background while it runs; only the end of the run waits for it.
 *
 * Records logged during one request form the next batch. After a failure it pauses until the end of the run.
 */
export class LiveSender {
  private readonly deadline = new AbortController();
  private sending?: Promise<PushReport>;
  private isResting = false;

  constructor(
    private readonly server: PatientServer,
    private readonly folder: RunFolder,
    private readonly records: readonly TrackingRecord[],
    private readonly signal?: AbortSignal,
  ) {}

  /** Call when there are new records. */
  wake(): void {
    if (this.sending || this.isResting) return;
    this.sending = setImmediate().then(() => this.push());
    // A failure is reported at the end.
    this.sending.then(
      ({ problem }) => this.rest(problem !== undefined),
      () => this.rest(true),
    );
  }

  /** Sends the remaining records, within a time limit. */
  async finish(): Promise<PushReport> {
    const timer = setTimeout(() => this.deadline.abort(), this.server.flushMilliseconds);
    try {
      this.isResting = true;
      await this.sending?.catch(() => undefined);
      return await this.push();
    } finally {
      clearTimeout(timer);
    }
  }

  private push(): Promise<PushReport> {
    const signals = [this.deadline.signal, this.signal].filter((signal) => signal !== undefined);
    const client = new MlflowClient(this.server, AbortSignal.any(signals));
    return pushRun(client, this.folder, () => this.records);
  }

  private rest(isResting: boolean): void {
    this.sending = undefined;
    this.isResting ||= isResting;
  }
}
