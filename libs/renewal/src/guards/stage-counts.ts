/** Latency bin `i` contains values up to `FASTEST * LATENCY_RATIO ** i` milliseconds, and the last bin all others. */
const FASTEST = 0.1;
const LATENCY_RATIO = 1.2;
export const LATENCY_BINS = 64;

export const latencyBin = (milliseconds: number): number =>
  Math.min(LATENCY_BINS - 1, Math.max(0, Math.ceil(Math.log(milliseconds / FASTEST) / Math.log(LATENCY_RATIO))));

/** Upper edge of a latency bin, in milliseconds. */
export const latencyOf = (bin: number): number => FASTEST * LATENCY_RATIO ** bin;

/** Request counts of one version in one step of a rollout. */
export interface ArmCounts {
  readonly answered: number;
  readonly failed: number;
  /** Requests by bin of their latency. */
  readonly latency: readonly number[];
}

export const NOTHING: ArmCounts = { answered: 0, failed: 0, latency: Array<number>(LATENCY_BINS).fill(0) };

/** Name under which the store keeps a model's rollout counts; it is not a valid model name. */
export const countsOf = (model: string): string => `rollout:${model}`;

/** Name under which the store keeps the predictions of a shadow version. */
export const shadowOf = (model: string): string => `shadow:${model}`;

/** Name of the count of one step's requests with a missing or unknown value in a column. */
export const gapsOf = (rollout: string, epoch: number, column: string): string => `${rollout}/${epoch}/gaps/${column}`;

/** Name of other counts of one step. */
export const columnOf = (rollout: string, epoch: number, what: 'requests' | 'latency'): string =>
  `${rollout}/${epoch}/${what}`;
