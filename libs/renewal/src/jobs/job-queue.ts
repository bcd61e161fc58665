import type { LogRows } from '../training-data/training-table.js';

/** Why a model is to be trained. */
export interface Trigger {
  readonly kind: 'schedule' | 'drift' | 'quality' | 'labels' | 'hand';
  /** In words. */
  readonly reason: string;
  /** What it was seen by, as far as there is more than words. */
  readonly evidence?: object;
}

/** What training came to: that of `run --json`. */
export interface TrainingOutcome {
  readonly outcome: string;
  readonly version: string | null;
  readonly reasons: readonly string[];
}

/** One training of one model. */
export interface Job {
  readonly id: string;
  readonly model: string;
  readonly trigger: Trigger;
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /** Grows whenever a worker takes it: one that lost it knows an older one. */
  readonly attempt: number;
  /** When it was asked for: ISO 8601, as are all times. */
  readonly queued: string;
  readonly started?: string;
  readonly ended?: string;
  /** What it trains on beside the table of `data.path`. */
  readonly log?: LogRows;
  readonly result?: TrainingOutcome;
  readonly failure?: string;
}

/** A job that is a worker's until it ends it, or loses it. */
export interface TakenJob {
  readonly job: Job;
  /**
   * Says that the worker lives, and what it trains on where that is given.
   *
   * @returns whether the job still is its own
   */
  heartbeat(log?: LogRows): Promise<boolean>;
  /** Leaves it to whoever takes it next, as if it had not been taken. @returns whether the job still was its own */
  giveBack(): Promise<boolean>;
  /** @returns whether the job still was its own: else this is of no effect */
  end(result: Pick<Job, 'result' | 'failure'>): Promise<boolean>;
}

/** Trainings that are to be done, each by one worker at a time. */
export interface JobQueue {
  /** @returns the job of the same model that is queued or running, where there is one */
  add(model: string, trigger: Trigger): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  /** Takes the oldest, also one whose worker has died: once again, then it has failed. */
  take(): Promise<TakenJob | undefined>;
  /** @returns whether there was one that was not over */
  cancel(model: string): Promise<boolean>;
  /** The oldest first. */
  jobs(model?: string): Promise<Job[]>;
}
