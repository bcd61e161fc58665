/** Bin `i` of latencies holds those up to `FASTEST * LATENCY_RATIO ** i` milliseconds, and the last one all others. */
const FASTEST = 0.1;
const LATENCY_RATIO = 1.2;
export const LATENCY_BINS = 64;

export const latencyBin = (milliseconds: number): number =>
  Math.min(LATENCY_BINS - 1, Math.max(0, Math.ceil(Math.log(milliseconds / FASTEST) / Math.log(LATENCY_RATIO))));

/** The upper edge of a bin, in milliseconds. */
export const latencyOf = (bin: number): number => FASTEST * LATENCY_RATIO ** bin;

/** What one version has done in one step of a rollout. */
export interface ArmCounts {
  readonly answered: number;
  readonly failed: number;
  /** Requests by bin of their latency. */
  readonly latency: readonly number[];
}

export const NOTHING: ArmCounts = { answered: 0, failed: 0, latency: Array<number>(LATENCY_BINS).fill(0) };

/** Under what name the store of predictions keeps counts of rollouts: no model has such a name. */
export const countsOf = (model: string): string => `rollout:${model}`;

/** Under what name it keeps what a version said in the shadow of another. */
export const shadowOf = (model: string): string => `shadow:${model}`;

/** Requests of one step in which a value of a column was missing or not known. */
export const gapsOf = (rollout: string, epoch: number, column: string): string => `${rollout}/${epoch}/gaps/${column}`;

/** Counts of one step. */
export const columnOf = (rollout: string, epoch: number, what: 'requests' | 'latency'): string =>
  `${rollout}/${epoch}/${what}`;
