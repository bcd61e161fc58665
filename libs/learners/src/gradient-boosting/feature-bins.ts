/** Codes of a byte: bins of one feature, or combinations of bins of several. */
export const CODES = 256;

/**
 * Binned features, a byte each, four to a word, row-major. Features of few values, such as flags, share a byte, so that
 * a histogram takes one addition for all of them.
 */
export interface FeatureBins {
  /** Bytes in use per row. */
  readonly columns: number;
  /** Words per row. */
  readonly rowWords: number;
  /** The bytes after a row's last column are 0. */
  readonly words: Int32Array;
  /** Bins of each feature. */
  readonly counts: Int32Array;
  /** The byte of each feature. */
  readonly column: Int32Array;
  /** A feature's bin is `floor(code / divisor) % count`. */
  readonly divisor: Int32Array;
  /** The number of codes of each feature's byte. */
  readonly codes: Int32Array;
  /** 1 where other features share the byte, else 0: then codes are the feature's bins. */
  readonly shared: Int32Array;
  /** 1 where a feature's last bin is that of missing values, else 0. */
  readonly missing: Int32Array;
}
