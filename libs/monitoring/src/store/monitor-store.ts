import type { LabelRows, PredictionRows, StoredPrediction, WrittenRows } from './rows.js';

/** Times are milliseconds since the epoch, UTC. */
export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Number of rows in each cell of a column within one minute, hour or day. */
export interface CellCount {
  readonly model: string;
  readonly version: string;
  readonly column: string;
  /** Start of the minute, hour or day. */
  readonly time: number;
  readonly cells: readonly number[];
}

export type CountScale = 'minute' | 'hour' | 'day';

/** Records of one producer, stored atomically. */
export interface Batch {
  /** Id of the process. */
  readonly producer: string;
  /** Increases with every batch of the producer, from 1 on; a repeated batch is stored once. */
  readonly sequence: number;
  readonly rows?: PredictionRows | WrittenRows;
  /** By minute. */
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
  /** Ascending. Bin `i` contains values in (`edges[i - 1]`, `edges[i]`]. */
  readonly edges: readonly number[];
  /** Groups rows by their value in this slice column. */
  readonly slice?: string;
}

interface Cohort {
  readonly version: string;
  /** Start of the day of the prediction. */
  readonly day: number;
  readonly bin: number;
  /** As JSON; null where the query has no slice. */
  readonly slice: string | null;
  readonly rows: number;
}

/** Number of predictions of one day and score bin with the same predicted class and the same label. */
export interface OutcomeCount extends Cohort {
  readonly prediction: string;
  readonly label: string | null;
}

/** Rows whose error (prediction minus label) exceeds it count as not labelled: sums of fourth powers would overflow. */
export const GREATEST_ERROR = 1e70;

/** Sums of errors and of their powers. */
export interface ErrorSums {
  readonly rows: number;
  readonly labels: number;
  readonly sum: number;
  readonly absolute: number;
  readonly squares: number;
  readonly fourths: number;
}

/** Errors of predicted numbers of one day and bin. */
export interface ErrorSum extends Cohort, ErrorSums {}

/** An event by a user or a job: an alarm, its end, an acknowledgement, an adopted reference. */
export interface MonitorEvent {
  /** UUID; of two events with the same id the first is kept. */
  readonly id: string;
  readonly time: number;
  readonly model: string;
  readonly kind: string;
  /** Serialized as JSON. */
  readonly body: object;
}

export interface EventQuery {
  readonly model?: string;
  readonly kind?: string;
  readonly from?: number;
}

/** The model of a prediction, and its latest label; null where it has none. */
export interface KnownPrediction {
  readonly model: string;
  readonly version: string;
  readonly label: string | null;
  readonly observedAt: number | null;
}

export interface StoreLease {
  /** Releases the lease before it expires. */
  release(): Promise<void>;
}

/** Times before which whole days are removed, or their counts coarsened. */
export interface Retention {
  /** Raw rows, records and labels are removed. */
  readonly rows: number;
  /** Counts by minute become counts by hour. */
  readonly minutes: number;
  /** Counts by hour become counts by day. */
  readonly hours: number;
  /** Counts by day are removed. */
  readonly days: number;
}

export interface StoreUsage {
  readonly bytes: number;
  /** Removed early because of the size limit, since the store was created. */
  readonly gone: { readonly rows: number; readonly records: number };
}

/** Stores predictions, counts, labels and events. Never called while a prediction request waits. */
export interface MonitorStore {
  append(batch: Batch): Promise<void>;
  /** Names of the models with predictions or counts, in order. */
  models(): Promise<string[]>;
  /** Merged over producers; counts coarser than the scale are omitted. */
  counts(query: CountQuery): Promise<CellCount[]>;
  /** By day of the prediction, with the latest observed label of each. */
  outcomes(query: OutcomeQuery): Promise<OutcomeCount[]>;
  /** As `outcomes`, for models that predict numbers. */
  errors(query: OutcomeQuery): Promise<ErrorSum[]>;
  /** In the order of their ids, each once. */
  predictions(query: RowQuery): AsyncIterable<StoredPrediction>;
  /** Those of the predictions that are stored, with their labels. */
  known(ids: readonly string[]): Promise<ReadonlyMap<string, KnownPrediction>>;
  /** Ids of the predictions by the clients' external ids; at most two for each. */
  byExternalId(externalIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Oldest first. */
  events(query: EventQuery): Promise<MonitorEvent[]>;
  record(event: MonitorEvent): Promise<void>;
  /** The state of jobs between runs, as JSON, of all names with the prefix. */
  notes(prefix: string): Promise<ReadonlyMap<string, unknown>>;
  /** Writes a note atomically, replacing the one of that name; `null` removes it. */
  keep(name: string, note: unknown): Promise<void>;
  /**
   * Acquires the exclusive right to run a job, until it expires or is renewed by the same store.
   *
   * @returns undefined while another process holds it
   */
  lease(name: string, seconds: number): Promise<StoreLease | undefined>;
  /** Erases predictions with their rows and labels. @returns the number of predictions found */
  forget(ids: readonly string[]): Promise<number>;
  /** Removes or coarsens what is older than the retention. Idempotent. */
  prune(before: Retention): Promise<void>;
  usage(): Promise<StoreUsage>;
  close(): Promise<void>;
}
