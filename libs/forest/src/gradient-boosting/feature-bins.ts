import type { BinEdges } from '../data/bin-edges.js';
import { BinLookup } from '../data/bin-lookup.js';
import { FEW_VALUES, joinFeatures } from './join-features.js';
import { sharedArray } from './shared-array.js';

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
  readonly words: Int32Array;
  /** The same memory by bytes; those after a row's last column stay 0. */
  readonly bytes: Uint8Array;
  /** Bins of each feature. */
  readonly counts: Int32Array;
  /** The byte that each feature is in. */
  readonly column: Int32Array;
  /** A feature's bin is `floor(code / divisor) % count`. */
  readonly divisor: Int32Array;
  /** Codes that occur in each feature's byte: more than its bins where it is not alone. */
  readonly codes: Int32Array;
}

export const binOf = ({ counts, divisor }: FeatureBins, feature: number, code: number): number =>
  Math.floor(code / divisor[feature]) % counts[feature];

/** The bins of all features, in memory that threads share. */
export function packBins(columns: readonly Float32Array[], { lowest }: BinEdges): FeatureBins {
  const numbers = (): Int32Array => sharedArray(Int32Array, columns.length);
  const [counts, column, divisor, codes] = [numbers(), numbers(), numbers(), numbers()];
  counts.set(lowest.map(({ length }) => length));
  const groups = joinFeatures(
    lowest.map(({ length }) => (length > FEW_VALUES ? Infinity : length)),
    CODES,
  );
  groups.forEach(({ features, product }, at) => {
    for (const { feature, before } of features) {
      column[feature] = at;
      divisor[feature] = before;
      codes[feature] = product;
    }
  });
  const rows = columns[0].length;
  const rowWords = Math.ceil(groups.length / 4);
  const words = sharedArray(Int32Array, rows * rowWords);
  const bytes = new Uint8Array(words.buffer);
  const lookup = new BinLookup();
  const bins = new Uint16Array(rows);
  columns.forEach((values, f) => {
    lookup.lookUp(values, lowest[f], bins);
    addColumn(bytes, column[f], 4 * rowWords, bins, divisor[f]);
  });
  return { columns: groups.length, rowWords, words, bytes, counts, column, divisor, codes };
}

function addColumn(bytes: Uint8Array, column: number, rowBytes: number, bins: Uint16Array, times: number): void {
  for (let row = 0, at = column; row < bins.length; row++, at += rowBytes) bytes[at] += times * bins[row];
}
