/** Rows read, rows dropped by reason, and rows left. */
export interface CleaningCounts {
  readonly raw: number;
  /** Malformed lines, where validation tolerates them. */
  readonly malformed: number;
  /** Rows without a label. */
  readonly unlabelled: number;
  /** Rows with a missing value where one is needed. */
  readonly missing: number;
  /** Rows that equal an earlier one in all columns of the file. */
  readonly duplicates: number;
  readonly kept: number;
}
