import type { TakenLabels } from '../feedback/take-labels.js';
import type { KeepRules } from './row-texts.js';
import type { WatchNote } from '../watch/watch-note.js';
import type { WatchedVersion } from '../watch/watched-version.js';

/** Answered rows of one version of a model, on their way to the store; all lists have an entry for each row, arrays may have room for more. */
export interface LogChunk {
  readonly model: string;
  readonly version: string;
  /** Of its classes, as text. */
  readonly labels: readonly string[];
  readonly rows: number;
  /** Requests that brought them. */
  readonly calls: number;
  /** UUIDv7, 16 bytes each. */
  readonly ids: Uint8Array<ArrayBuffer>;
  /** Which of the labels was predicted. */
  readonly classes: Uint16Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
  /** Predicted numbers, in the place of labels and scores. */
  readonly values?: Float64Array<ArrayBuffer>;
  /** What the model was asked with: a column for each raw input. */
  readonly columns: readonly Float64Array<ArrayBuffer>[];
  /** What callers call the rows, where any of them did. */
  readonly externalIds?: readonly (string | null)[];
}

/** What became of a chunk. */
export interface LogOutcome {
  readonly model: string;
  /** Records that are in the store, with the raw row where raw rows are kept. */
  readonly logged: number;
  /** Records in the store whose raw row the sample has left out. */
  readonly sampledOut?: number;
  readonly dropped: number;
}

/** What the store did of late. */
export interface StoreState {
  readonly isUp: boolean;
  /** Of the last write. */
  readonly seconds: number;
  /** Why it is not up. */
  readonly problem?: string;
}

export interface LogListener {
  /** Nobody reads this buffer of a chunk any more. */
  freed(buffer: ArrayBuffer): void;
  ended(outcome: LogOutcome): void;
  wrote(state: StoreState): void;
}

/** Where chunks go. */
export interface LogTarget {
  /** Rows of this version are counted from now on. */
  know(watched: WatchedVersion, keep: KeepRules): void;
  write(chunk: LogChunk): void;
  /** @throws what the store throws */
  takeLabels(labels: readonly unknown[]): Promise<TakenLabels>;
  /** What the watch knows of these models, where it knows anything. */
  readWatches(models: readonly string[]): Promise<Readonly<Record<string, WatchNote>>>;
  /** Writes what it has, as long as that may take. */
  close(milliseconds: number): Promise<void>;
}
