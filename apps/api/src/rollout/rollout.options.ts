import type { AppConfig } from '#config';

export const ROLLOUT_OPTIONS = Symbol('ROLLOUT_OPTIONS');

/** What the routes of rollouts work with. */
export interface RolloutOptions {
  readonly models: Pick<AppConfig['models'], 'directory' | 'publicKey' | 'source'>;
  readonly renewal: AppConfig['renewal'];
  readonly bodyLimitBytes: number;
}
