/** How many rows came, why some went, and how many are left. */
export interface CleaningCounts {
  readonly raw: number;
  /** Lines that are no rows, where validation tolerates them. */
  readonly malformed: number;
  /** Rows without a label. */
  readonly unlabelled: number;
  /** Rows without a value where one is needed. */
  readonly missing: number;
  /** Rows that are the same as an earlier one in all columns of the file. */
  readonly duplicates: number;
  readonly kept: number;
}
