import type { LogRows } from '../training-data/training-table.js';

/** Why a model is trained. */
export interface Trigger {
  readonly kind: 'schedule' | 'drift' | 'quality' | 'labels' | 'hand';
  /** In words. */
  readonly reason: string;
  /** The figures behind the reason, if any. */
  readonly evidence?: object;
}

/** The outcome of a training, as `run --json` prints it. */
export interface TrainingOutcome {
  readonly outcome: string;
  readonly version: string | null;
  readonly reasons: readonly string[];
}

/** A training job of one model. */
export interface Job {
  readonly id: string;
  readonly model: string;
  readonly trigger: Trigger;
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Increases whenever a worker takes the job, so that a worker that lost it is recognized. */
  readonly attempt: number;
  /** Time of the request; ISO 8601, as are all times. */
  readonly queued: string;
  readonly started?: string;
  readonly ended?: string;
  /** The rows of the log that it trains on, in addition to the table of `data.path`. */
  readonly log?: LogRows;
  readonly result?: TrainingOutcome;
  readonly failure?: string;
}

/** A job that a worker holds until it ends or loses it. */
export interface TakenJob {
  readonly job: Job;
  /**
   * Renews the lease, and records the log rows of the training where given.
   *
   * @returns whether the worker still holds the job
   */
  heartbeat(log?: LogRows): Promise<boolean>;
  /** Queues the job again without counting the attempt. @returns whether the worker still held the job */
  giveBack(): Promise<boolean>;
  /** @returns whether the worker still held the job; else the call has no effect */
  end(result: Pick<Job, 'result' | 'failure'>): Promise<boolean>;
}

/** A queue of training jobs, each run by one worker at a time. */
export interface JobQueue {
  /** Adds a job, unless one of the model is queued or running. @returns the new or the existing job */
  add(model: string, trigger: Trigger): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  /** Takes the oldest job that is queued, or whose worker has died; a job is retried once, then it fails. */
  take(): Promise<TakenJob | undefined>;
  /** @returns whether a job was queued or running */
  cancel(model: string): Promise<boolean>;
  /** Oldest first. */
  jobs(model?: string): Promise<Job[]>;
}
