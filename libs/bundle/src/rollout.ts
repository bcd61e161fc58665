import type { Aliases } from './bundle.js';

/** Where a rollout may stand still and be judged. */
export type ActiveState = 'shadow' | 'canary' | 'promoted' | 'watch';
export type RolloutState = ActiveState | 'settled' | 'rolled_back' | 'paused';

/** `rollout.json`: how far a version of one model has come on its way to be the champion. */
export interface Rollout {
  readonly format_version: 1;
  /** Of the whole way: what splits requests, so that a caller's requests go to one version from step to step. */
  readonly id: string;
  /** Grows with every change: whoever knows an older one is refused. */
  readonly epoch: number;
  readonly state: RolloutState;
  /** Where it goes on. */
  readonly paused?: ActiveState;
  /** The champion when it began; what a rollback goes back to. */
  readonly champion: string;
  readonly challenger: string;
  /** The aliases that it belongs to: where `aliases.json` says otherwise, the champion serves all. */
  readonly aliases: Aliases;
  /** Share of the requests that the challenger answers, from 0 to 1. */
  readonly weight: number;
  /** Of the canary, in percent. */
  readonly steps: readonly number[];
  /** `manual`: a person lets it begin to answer. */
  readonly mode: 'manual' | 'auto';
  /** When the state began: ISO 8601. */
  readonly since: string;
  readonly reason: string;
}

/** Whether a rollout is under way. */
export const isActive = ({ state }: Pick<Rollout, 'state'>): boolean => state !== 'settled' && state !== 'rolled_back';
