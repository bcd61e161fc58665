import { randomUUID } from 'node:crypto';
import { limitedText } from './limited-text.js';
import { checkAlias, checkRegisteredName, MAX_EXPERIMENT_NAME_LENGTH, MAX_TAG_VALUE_LENGTH } from './limits.js';
import { LiveSender } from './push/live-sender.js';
import type { PushReport } from './push/push-report.js';
import { pushStore } from './push/push-store.js';
import type { ModelVersion, TrackingRecord } from './records.js';
import { Run } from './run.js';
import { Journal } from './store/journal.js';
import { thisProcess } from '#kit';
import { RunFolder } from './store/run-folder.js';
import { TrackingError } from './tracking.error.js';
import { type PatientServer, type TrackerOptions, withPatience } from './tracking.options.js';

export interface NewRun {
  /** Created on the server if it does not exist. */
  readonly experiment: string;
  readonly name: string;
}

/** Experiment tracking: records go to the local store first, then to an MLflow server if there is one. */
export class Tracker {
  private readonly store: string;
  private readonly server?: PatientServer;
  private readonly signal?: AbortSignal;

  constructor({ directory, server, signal }: TrackerOptions) {
    this.store = directory;
    this.server = server && withPatience(server);
    this.signal = signal;
  }

  startRun({ experiment, name }: NewRun): Run {
    if (!experiment || experiment.length > MAX_EXPERIMENT_NAME_LENGTH) {
      throw new TrackingError(`An experiment's name has 1 to ${MAX_EXPERIMENT_NAME_LENGTH} characters`);
    }
    const id = randomUUID().replaceAll('-', '');
    const runName = limitedText(name, MAX_TAG_VALUE_LENGTH);
    const [folder, journal] = this.begin(id, {
      type: 'run',
      id,
      experiment,
      name: runName,
      startTime: Date.now(),
      owner: thisProcess(),
    });
    const sender = this.server && new LiveSender(this.server, folder, journal.entries, this.signal);
    sender?.wake();
    return new Run(id, folder, journal, sender);
  }

  /** Moves an alias outside of a run, as for a promotion or a rollback: recorded now, sent by the next `push`. */
  setAlias({ name, version }: ModelVersion, alias: string): void {
    checkRegisteredName(name);
    checkAlias(alias);
    const [, journal] = this.begin(`alias-${alias}`, { type: 'alias', name, version, alias, timestamp: Date.now() });
    journal.close();
  }

  /**
   * Sends all records that the server does not have yet, of all runs, oldest first. Repeated, concurrent or interrupted
   * pushes send nothing twice.
   *
   * @returns one report for each run that had something to send
   * @throws TrackingError when there is no server to push to
   * @throws the signal's reason when it aborts
   */
  push(): Promise<PushReport[]> {
    if (!this.server) throw new TrackingError('No tracking server is set: set tracking.uri (MLFLOW_TRACKING_URI)');
    return pushStore(this.store, this.server, this.signal);
  }

  private begin(name: string, first: TrackingRecord): [RunFolder, Journal<TrackingRecord>] {
    const folder = RunFolder.create(this.store, name);
    const journal = Journal.open<TrackingRecord>(folder.journal);
    journal.append(first);
    return [folder, journal];
  }
}
