import type { ColumnCells } from '#bundle';
import type { CleaningCounts } from './cleaning-counts.js';
import type { FileMd5 } from '#kit';
import type { CsvDialect } from '#schema';
import type { Task } from '#bundle';
import type { RecordedSplit } from './recorded-split.js';

/** Additional facts for a model with its own file. */
export interface PreparedOwn {
  readonly task: Task;
  /** Names of the parts' columns `c0`, `c1`, ...: those of the model's file, used or not. */
  readonly columns: readonly string[];
  readonly decimal: CsvDialect['decimal'];
  /** Notes for the user on the table. */
  readonly notes: readonly string[];
  readonly split: RecordedSplit;
}

/** The result of preparing the data: `metadata.json`. `PreparedOwn` is absent for the model of config.yaml. */
export interface PreparedData extends Partial<PreparedOwn> {
  /** The raw data file. */
  readonly source?: FileMd5;
  readonly rows: CleaningCounts & {
    /** Rows of the training part that were dropped as outliers. */
    readonly outliers: number;
    readonly train: number;
    readonly test: number;
  };
  /** Labels by class index. */
  readonly classes: readonly (number | string)[];
  readonly class_counts: readonly number[];
  /** In the training part. */
  readonly train_class_counts: readonly number[];
  /** Mean target of a regression in the training part. */
  readonly train_mean?: number;
  readonly seed: number;
  readonly test_share: number;
  /**
   * For each class the largest row key of the test part, null for none; later runs use it to know what was trained on.
   */
  readonly cuts: readonly (string | null)[];
  /** Counts of the rows before cleaning, by column; absent in older files. */
  readonly cells?: Readonly<Record<string, ColumnCells>>;
}
