import type { Refusal } from './sent-state.js';

/** What a push did with one run. */
export interface PushReport {
  /** The run's folder in the local store. */
  readonly folder: string;
  /** MLflow's id of the run, once it is there. */
  readonly runId?: string;
  /** Records that went to the server now. */
  readonly sent: number;
  /** Records that wait for the next push; all of the run's when another push is sending them. */
  readonly pending: number;
  /** Records that the server will never take; the others went past them. */
  readonly refusals: readonly Refusal[];
  /** Why records are pending. */
  readonly problem?: string;
  /** Whether the server gave no answer at all. */
  readonly isUnreachable?: boolean;
}
