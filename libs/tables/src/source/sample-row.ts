/** A row of the data as an example. */
export interface SampleRow {
  /** 1 is the first below the header; lines that are no rows of the table are not counted. */
  readonly row: number;
  /** As in the file: text where a number was expected; null is missing. */
  readonly values: Readonly<Record<string, number | string | null>>;
}

export const MAX_SAMPLES = 20;
