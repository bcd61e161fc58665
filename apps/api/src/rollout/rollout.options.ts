import type { AppConfig } from '#config';

export const ROLLOUT_OPTIONS = Symbol('ROLLOUT_OPTIONS');

/** Options of the rollout routes. */
export interface RolloutOptions {
  readonly models: Pick<AppConfig['models'], 'directory' | 'publicKey' | 'source'>;
  readonly renewal: Pick<AppConfig['renewal'], 'jobs'>;
  /** The current renewal settings of a model, from its own file if it has one. */
  readonly renewalOf: (model: string) => Pick<AppConfig['renewal'], 'mode' | 'steps'>;
  readonly bodyLimitBytes: number;
}
