import type { Aliases } from './bundle.js';

/** States in which a rollout may pause and is judged. */
export type ActiveState = 'shadow' | 'canary' | 'promoted' | 'watch';
export type RolloutState = ActiveState | 'settled' | 'rolled_back' | 'paused';

/** `rollout.json`: the progress of a version of one model towards champion. */
export interface Rollout {
  readonly format_version: 1;
  /** Identifies the rollout and seeds the split of requests, so that a caller keeps one version from step to step. */
  readonly id: string;
  /** Grows with every change; a request that carries an older epoch is refused. */
  readonly epoch: number;
  readonly state: RolloutState;
  /** The state to resume in. */
  readonly paused?: ActiveState;
  /** The champion at the start, restored by a rollback. */
  readonly champion: string;
  readonly challenger: string;
  /** The aliases at the start: where `aliases.json` differs, the champion serves all requests. */
  readonly aliases: Aliases;
  /** Share of the requests that the challenger answers, from 0 to 1. */
  readonly weight: number;
  /** The canary's steps, in percent. */
  readonly steps: readonly number[];
  /** `manual`: a person starts the canary. */
  readonly mode: 'manual' | 'auto';
  /** When the state began: ISO 8601. */
  readonly since: string;
  readonly reason: string;
}

/** Whether a rollout is in progress. */
export const isActive = ({ state }: Pick<Rollout, 'state'>): boolean => state !== 'settled' && state !== 'rolled_back';
