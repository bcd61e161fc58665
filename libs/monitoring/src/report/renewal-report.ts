/** How often both versions of a rollout answered the rows of one slice differently. */
export interface SliceReport {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  readonly disagreements: number;
}

/** One guard of a rollout: what it has seen, and when that would accuse. */
export interface GuardReport {
  readonly guard: string;
  /** Events, pairs or rows that it was judged by. */
  readonly n: number;
  /** Null where it is too large to be a number, or where the guard is an interval. */
  readonly e_value: number | null;
  /** From which e-value on it accuses; of an interval, the margin. */
  readonly bound: number;
  readonly verdict: 'worse' | 'no worse' | 'inconclusive';
  /** In words, where numbers do not tell all. */
  readonly note?: string;
  /** Of the rows that both have scored, by the values of `monitor.slices`. */
  readonly slices?: readonly SliceReport[];
}

/** Something that happened on the way of a new version. */
export interface RenewalEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly kind: 'trigger' | 'training' | 'step';
  readonly text: string;
}

/** Where the renewal of a model stands, and how it came there. */
export interface RenewalReport {
  readonly state: string;
  readonly champion: string | null;
  readonly challenger: string | null;
  /** Share of the requests that the challenger answers, 0 to 1. */
  readonly weight: number;
  /** ISO 8601. */
  readonly since: string | null;
  /** In words; null where it is over. */
  readonly waits_for: string | null;
  readonly reason: string | null;
  readonly evidence: readonly GuardReport[];
  /** The newest first. */
  readonly timeline: readonly RenewalEntry[];
}
