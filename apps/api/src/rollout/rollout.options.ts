import type { AppConfig } from '#config';

export const ROLLOUT_OPTIONS = Symbol('ROLLOUT_OPTIONS');

/** What the routes of rollouts work with. */
export interface RolloutOptions {
  readonly models: Pick<AppConfig['models'], 'directory' | 'publicKey' | 'source'>;
  readonly renewal: Pick<AppConfig['renewal'], 'jobs'>;
  /** How a model is renewed now: as its own file says, where it has one. */
  readonly renewalOf: (model: string) => Pick<AppConfig['renewal'], 'mode' | 'steps'>;
  readonly bodyLimitBytes: number;
}
