import type { ColumnCells } from '#bundle';
import type { CleaningCounts } from './cleaning-counts.js';
import type { FileMd5 } from '#kit';
import type { CsvDialect } from '#schema';
import type { Task } from '#bundle';
import type { RecordedSplit } from './recorded-split.js';

/** What a model with a file of its own needs to know of its parts. */
export interface PreparedOwn {
  readonly task: Task;
  /** Names of the parts' columns `c0`, `c1`, ...: those of the model's file, used or not. */
  readonly columns: readonly string[];
  readonly decimal: CsvDialect['decimal'];
  /** What people should know of the table. */
  readonly notes: readonly string[];
  readonly split: RecordedSplit;
}

/** What preparing the data came to: `metadata.json`. Of a model of config.yaml, nothing of `PreparedOwn` is there. */
export interface PreparedData extends Partial<PreparedOwn> {
  /** The raw data as they were read. */
  readonly source?: FileMd5;
  readonly rows: CleaningCounts & {
    /** Rows of the training part that were left out for a value far from the others. */
    readonly outliers: number;
    readonly train: number;
    readonly test: number;
  };
  /** Labels in the order of their class indices. */
  readonly classes: readonly (number | string)[];
  readonly class_counts: readonly number[];
  /** Of the training part. */
  readonly train_class_counts: readonly number[];
  /** Of a regression's targets in the training part. */
  readonly train_mean?: number;
  readonly seed: number;
  readonly test_share: number;
  /** For each class the largest row key of the test part, null for none: by it, later runs know which rows are here for training. */
  readonly cuts: readonly (string | null)[];
  /** Rows before cleaning, by column; not in what was prepared before they were counted. */
  readonly cells?: Readonly<Record<string, ColumnCells>>;
}
