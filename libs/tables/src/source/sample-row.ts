/** An example row of the data. */
export interface SampleRow {
  /** 1 is the first row below the header; malformed lines are not counted. */
  readonly row: number;
  /** As in the file: text where a number was expected; null is missing. */
  readonly values: Readonly<Record<string, number | string | null>>;
}

export const MAX_SAMPLES = 20;
