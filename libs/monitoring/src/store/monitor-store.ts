import type { LabelRows, PredictionRows, StoredPrediction, WrittenRows } from './rows.js';

/** Times are milliseconds since the epoch, UTC. */
export interface Span {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** How many rows fell into each cell of a column within one minute, hour or day. */
export interface CellCount {
  readonly model: string;
  readonly version: string;
  readonly column: string;
  /** Start of the minute, hour or day. */
  readonly time: number;
  readonly cells: readonly number[];
}

export type CountScale = 'minute' | 'hour' | 'day';

/** What one producer has to keep: all of it or nothing is taken. */
export interface Batch {
  /** One process. */
  readonly producer: string;
  /** Rises with every batch of the producer, from 1 on; a repeated one is taken once. */
  readonly sequence: number;
  readonly rows?: PredictionRows | WrittenRows;
  /** Of minutes. */
  readonly counts?: readonly CellCount[];
  readonly labels?: LabelRows;
}

export interface CountQuery extends Span {
  readonly model: string;
  readonly version?: string;
  readonly scale: CountScale;
}

export interface RowQuery extends Span {
  readonly model: string;
  readonly version?: string;
}

export interface OutcomeQuery extends RowQuery {
  /** Rising. Bin `i` holds what is greater than `edges[i - 1]` and not greater than `edges[i]`. */
  readonly edges: readonly number[];
  /** Tells rows apart by their value in this slice column. */
  readonly slice?: string;
}

interface Cohort {
  readonly version: string;
  /** Start of the day in which it was predicted. */
  readonly day: number;
  readonly bin: number;
  /** As JSON; none where no slice was asked for. */
  readonly slice: string | null;
  readonly rows: number;
}

/** Predictions of one day and score bin that got one class and, where they have a label, had another or the same. */
export interface OutcomeCount extends Cohort {
  readonly prediction: string;
  readonly label: string | null;
}

/** An error is the prediction less the label; one beyond it would make sums of fourth powers infinite, and counts as not labelled. */
export const GREATEST_ERROR = 1e70;

/** Sums over errors. */
export interface ErrorSums {
  readonly rows: number;
  readonly labels: number;
  readonly sum: number;
  readonly absolute: number;
  readonly squares: number;
  readonly fourths: number;
}

/** Predicted numbers of one day and bin of the prediction. */
export interface ErrorSum extends Cohort, ErrorSums {}

/** What a person or a job did or saw: an alarm, its end, an acknowledgement, an adopted reference. */
export interface MonitorEvent {
  /** UUID; of two with the same the first is kept. */
  readonly id: string;
  readonly time: number;
  readonly model: string;
  readonly kind: string;
  /** Anything that JSON knows. */
  readonly body: object;
}

export interface EventQuery {
  readonly model?: string;
  readonly kind?: string;
  readonly from?: number;
}

/** Whose prediction it is, and the latest of its labels; none where it has no label. */
export interface KnownPrediction {
  readonly model: string;
  readonly version: string;
  readonly label: string | null;
  readonly observedAt: number | null;
}

export interface StoreLease {
  /** Gives it back before its time. */
  release(): Promise<void>;
}

/** What is older goes: whole days, or for counts becomes coarser. */
export interface Retention {
  /** Rows, their records and their labels. */
  readonly rows: number;
  /** Counts by minute become counts by hour. */
  readonly minutes: number;
  /** Counts by hour become counts by day. */
  readonly hours: number;
  /** Counts by day go. */
  readonly days: number;
}

export interface StoreUsage {
  readonly bytes: number;
  /** Gone before their time, since the store was made, as it had grown to its bound. */
  readonly gone: { readonly rows: number; readonly records: number };
}

/** Keeps what was predicted, counted, labelled and noticed. Never asked on the path of a prediction. */
export interface MonitorStore {
  append(batch: Batch): Promise<void>;
  /** Whose predictions or counts are here, by name. */
  models(): Promise<string[]>;
  /** Merged over producers; those coarser than the scale are left out. */
  counts(query: CountQuery): Promise<CellCount[]>;
  /** By day of the prediction; of several labels of an id the latest observed counts. */
  outcomes(query: OutcomeQuery): Promise<OutcomeCount[]>;
  /** As `outcomes`, of models that predict numbers. */
  errors(query: OutcomeQuery): Promise<ErrorSum[]>;
  /** In the order of their ids, each once. */
  predictions(query: RowQuery): AsyncIterable<StoredPrediction>;
  /** Which of these predictions are there, and their labels. */
  known(ids: readonly string[]): Promise<ReadonlyMap<string, KnownPrediction>>;
  /** Ids of the predictions that callers gave these ids of their own; two at most for each. */
  byExternalId(externalIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The oldest first. */
  events(query: EventQuery): Promise<MonitorEvent[]>;
  record(event: MonitorEvent): Promise<void>;
  /** What jobs keep from one run to the next, as JSON, by names that begin so. */
  notes(prefix: string): Promise<ReadonlyMap<string, unknown>>;
  /** Keeps a note in the place of the one of that name, whole or not at all; `null` takes it away. */
  keep(name: string, note: unknown): Promise<void>;
  /**
   * Who does a job: one process at a time, until the time is over or it asks again.
   *
   * @returns nothing while somebody else has it
   */
  lease(name: string, seconds: number): Promise<StoreLease | undefined>;
  /** Erases predictions with their rows and labels. @returns how many there were */
  forget(ids: readonly string[]): Promise<number>;
  /** Maintains the store: what is old goes or gets coarser. Doing it again changes nothing. */
  prune(before: Retention): Promise<void>;
  usage(): Promise<StoreUsage>;
  close(): Promise<void>;
}
