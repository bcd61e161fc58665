import type { Refusal } from './sent-state.js';

/** The result of pushing one run. */
export interface PushReport {
  /** The run's folder in the local store. */
  readonly folder: string;
  /** MLflow's run id, once the run exists there. */
  readonly runId?: string;
  /** Records sent by this push. */
  readonly sent: number;
  /** Records left for the next push; all of the run's while another push is sending them. */
  readonly pending: number;
  /** Records that the server will never accept; they were skipped. */
  readonly refusals: readonly Refusal[];
  /** Why records are pending. */
  readonly problem?: string;
  /** Whether the server did not respond at all. */
  readonly isUnreachable?: boolean;
}
