/** Codes that a byte can hold: bins of one feature, or combinations of bins of several. */
export const CODES = 256;

/**
 * Features as bin numbers, a byte each, four to a word: all features of a row lie side by side in memory. Features of few
 * values, such as flags, share a byte: a histogram takes one addition for all of them.
 */
export interface FeatureBins {
  /** Bytes in use of each row. */
  readonly columns: number;
  /** Words of a row. */
  readonly rowWords: number;
  /** Bytes after a row's last column stay 0. */
  readonly words: Int32Array;
  /** Bins of each feature. */
  readonly counts: Int32Array;
  /** The byte that each feature is in. */
  readonly column: Int32Array;
  /** A feature's bin is `floor(code / divisor) % count`. */
  readonly divisor: Int32Array;
  /** Combinations of bins in each feature's byte. */
  readonly codes: Int32Array;
  /** 1 where other features are in the same byte, else 0: then codes are the feature's bins. */
  readonly shared: Int32Array;
  /** 1 where a feature's last bin is that of missing values, else 0. */
  readonly missing: Int32Array;
}
