/** How often the two versions of a rollout disagree on the rows of one slice. */
export interface SliceReport {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  readonly disagreements: number;
}

/** One guard of a rollout: its evidence, and the bound at which it rejects the new version. */
export interface GuardReport {
  readonly guard: string;
  /** Number of events, pairs or rows behind the verdict. */
  readonly n: number;
  /** Null where it exceeds the range of a double, or where the guard is an interval. */
  readonly e_value: number | null;
  /** The e-value from which on the verdict is `worse`; of an interval, the margin. */
  readonly bound: number;
  readonly verdict: 'worse' | 'no worse' | 'inconclusive';
  /** An explanation in words, where the numbers need one. */
  readonly note?: string;
  /** Of the rows that both versions have scored, by the values of `monitor.slices`. */
  readonly slices?: readonly SliceReport[];
}

/** An event in the renewal of a model. */
export interface RenewalEntry {
  /** ISO 8601. */
  readonly time: string;
  readonly kind: 'trigger' | 'training' | 'step';
  readonly text: string;
}

/** The state of a model's renewal, and its timeline. */
export interface RenewalReport {
  readonly state: string;
  readonly champion: string | null;
  readonly challenger: string | null;
  /** Share of the requests that the challenger answers, 0 to 1. */
  readonly weight: number;
  /** ISO 8601. */
  readonly since: string | null;
  /** In words; null once the renewal is over. */
  readonly waits_for: string | null;
  readonly reason: string | null;
  readonly evidence: readonly GuardReport[];
  /** The newest first. */
  readonly timeline: readonly RenewalEntry[];
}
