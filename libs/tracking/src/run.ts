import { basename, join } from 'node:path';
import { checkDataset } from './check-dataset.js';
import { limitedText } from './limited-text.js';
import {
  checkAlias,
  checkArtifactPath,
  checkKey,
  checkRegisteredName,
  MAX_PARAM_VALUE_LENGTH,
  MAX_TAG_VALUE_LENGTH,
} from './limits.js';
import { type Metric, metricRecord } from './metric.js';
import type { LiveSender } from './push/live-sender.js';
import type { PushReport } from './push/push-report.js';
import type { Dataset, ModelVersion, RunStatus, TrackingRecord } from './records.js';
import type { Journal } from './store/journal.js';
import { filesBelow, keepArtifact } from './store/keep-artifact.js';
import type { RunFolder } from './store/run-folder.js';
import { TrackingError } from './tracking.error.js';

export type ParamValue = string | number | boolean;

/** A registered model version, and the artifact folder of its MLflow model. */
export interface NewModelVersion extends ModelVersion {
  readonly artifactPath: string;
}

/**
 * A run in progress. Records are on the local disk when the call returns, and are sent to the server in the background.
 * Only errors of the caller (TrackingError) and of the local disk are thrown.
 */
export class Run {
  private readonly params = new Map<string, string>();
  private isOver = false;

  /** Created by `Tracker.startRun`. */
  constructor(
    /** Our id, for lineage: the server's run has it as the tag `skewless.run_id`. */
    readonly id: string,
    private readonly folder: RunFolder,
    private readonly journal: Journal<TrackingRecord>,
    private readonly sender: LiveSender | undefined,
  ) {}

  /** The run's folder in the local store. */
  get directory(): string {
    return this.folder.path;
  }

  /** @throws TrackingError when a param already has another value: MLflow's params are immutable */
  logParams(params: Readonly<Record<string, ParamValue>>): void {
    const fresh = new Map<string, string>();
    for (const [key, value] of Object.entries(params)) {
      checkKey('param', key);
      const text = limitedText(String(value), MAX_PARAM_VALUE_LENGTH);
      const before = this.params.get(key) ?? text;
      if (before !== text) throw new TrackingError(`The param "${key}" is ${before} already, it cannot become ${text}`);
      if (!this.params.has(key)) fresh.set(key, text);
    }
    this.record(...[...fresh].map(([key, value]) => ({ type: 'param', key, value }) as const));
    for (const [key, value] of fresh) this.params.set(key, value);
  }

  logMetric(key: string, value: number, at: Pick<Metric, 'step' | 'timestamp'> = {}): void {
    this.logMetrics([{ key, value, ...at }]);
  }

  /** Many at once cost a single write to the disk. */
  logMetrics(metrics: readonly Metric[]): void {
    this.record(...metrics.map(metricRecord));
  }

  setTags(tags: Readonly<Record<string, string>>): void {
    const records = Object.entries(tags).map(([key, value]) => {
      checkKey('tag', key);
      return { type: 'tag', key, value: limitedText(value, MAX_TAG_VALUE_LENGTH) } as const;
    });
    this.record(...records);
  }

  /** @param context its purpose */
  logInput(dataset: Dataset, context: 'training' | 'evaluation'): void {
    this.record({ type: 'input', dataset: checkDataset(dataset), context });
  }

  /**
   * Stores a copy of a file.
   *
   * @param artifactPath the folder among the run's artifacts; their root when not given
   */
  logArtifact(file: string, artifactPath = ''): void {
    this.record(this.keep(file, join(artifactPath, basename(file))));
  }

  /** Stores a copy of a folder with its subfolders. Symbolic links are skipped. */
  logArtifacts(folder: string, artifactPath = ''): void {
    this.record(...filesBelow(folder).map((path) => this.keep(join(folder, path), join(artifactPath, path))));
  }

  /** Registers a version of a model whose folder was logged as an artifact; creates the registered model. */
  registerModel({ name, version, artifactPath }: NewModelVersion): void {
    checkRegisteredName(name);
    checkArtifactPath(artifactPath);
    this.record({ type: 'model-version', name, version, runId: this.id, artifactPath });
  }

  setAlias({ name, version }: ModelVersion, alias: string): void {
    checkRegisteredName(name);
    checkAlias(alias);
    this.record({ type: 'alias', name, version, alias, timestamp: Date.now() });
  }

  /**
   * Ends the run and sends the remaining records, within a time limit. Never rejects because of the server.
   *
   * @returns what reached the server, and why the rest did not
   */
  async end(status: RunStatus = 'FINISHED'): Promise<PushReport> {
    this.record({ type: 'end', status, endTime: Date.now() });
    this.isOver = true;
    this.journal.close();
    return (
      (await this.sender?.finish()) ?? {
        folder: this.directory,
        sent: 0,
        pending: this.journal.entries.length,
        refusals: [],
      }
    );
  }

  private keep(source: string, path: string): TrackingRecord {
    return keepArtifact(this.folder.artifacts, source, path);
  }

  private record(...records: readonly TrackingRecord[]): void {
    if (this.isOver) throw new TrackingError(`The run ${this.id} is over`);
    if (records.length === 0) return;
    this.journal.append(...records);
    this.sender?.wake();
  }
}
