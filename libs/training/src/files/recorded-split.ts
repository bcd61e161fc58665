/** How the rows of a version were split, by keys made of the contents of its raw columns. */
interface RowKeySplit {
  readonly by: 'row_key';
  readonly seed: number;
  readonly test_share: number;
  /** For each class, the largest key that went to the test part; null for none. */
  readonly cuts: readonly (string | null)[];
}

/** By keys made of the contents of all columns that the model's file names, used or not. */
interface ContentSplit {
  readonly by: 'hash' | 'random';
  readonly seed: number;
  readonly test_share: number;
  readonly columns: readonly string[];
  /** Of a regression: where the strata of the target end, in rising order. Else the strata are the classes. */
  readonly edges?: readonly number[];
  /** For each stratum, the largest key that goes to the test part; null for none. */
  readonly cuts: readonly (string | null)[];
}

interface GroupSplit {
  readonly by: 'group';
  readonly seed: number;
  readonly test_share: number;
  readonly column: string;
  /** The largest key of a group that goes to the test part. */
  readonly cut: string;
}

interface TimeSplit {
  readonly by: 'time';
  readonly test_share: number;
  readonly column: string;
  /** From here on rows are for the test: a number, or microseconds since 1970. */
  readonly cut: number;
}

/** How the rows of a version were split: `lineage.split` of its manifest. */
export type RecordedSplit = RowKeySplit | ContentSplit | GroupSplit | TimeSplit;
