/** A version's split by keys that are hashes of its raw columns' values. */
interface RowKeySplit {
  readonly by: 'row_key';
  readonly seed: number;
  readonly test_share: number;
  /** For each class, the largest key of the test part; null for none. */
  readonly cuts: readonly (string | null)[];
}

/** A split by keys that are hashes of all columns in the model's file, used or not. */
interface ContentSplit {
  readonly by: 'hash' | 'random';
  readonly seed: number;
  readonly test_share: number;
  readonly columns: readonly string[];
  /** For a regression: the upper edges of the target's strata, ascending. Otherwise strata are the classes. */
  readonly edges?: readonly number[];
  /** For each stratum, the largest key of the test part; null for none. */
  readonly cuts: readonly (string | null)[];
}

interface GroupSplit {
  readonly by: 'group';
  readonly seed: number;
  readonly test_share: number;
  readonly column: string;
  /** The largest key of a group in the test part. */
  readonly cut: string;
}

interface TimeSplit {
  readonly by: 'time';
  readonly test_share: number;
  readonly column: string;
  /** Rows from here on are in the test part: a number, or microseconds since 1970. */
  readonly cut: number;
}

/** How a version's rows were split: `lineage.split` of its manifest. */
export type RecordedSplit = RowKeySplit | ContentSplit | GroupSplit | TimeSplit;
