import { binColumns } from '../data/bin-column.js';
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

/** Per feature, the smallest and the largest value in each bin. */
export interface BinEdges {
  readonly lowest: readonly Float32Array[];
  readonly highest: readonly Float32Array[];
}

export const binOf = ({ counts, divisor }: FeatureBins, feature: number, code: number): number =>
  Math.floor(code / divisor[feature]) % counts[feature];

export function allocateBins(columns: readonly Float32Array[]): FeatureBins {
  const numbers = (): Int32Array => sharedArray(Int32Array, columns.length);
  const [counts, column, divisor, codes] = [numbers(), numbers(), numbers(), numbers()];
  const groups = joinFeatures(columns.map(countFew), CODES);
  groups.forEach(({ features, product }, at) => {
    for (const { feature, before } of features) {
      column[feature] = at;
      divisor[feature] = before;
      codes[feature] = product;
    }
  });
  const rowWords = Math.ceil(groups.length / 4);
  const words = sharedArray(Int32Array, columns[0].length * rowWords);
  const bytes = new Uint8Array(words.buffer);
  return { columns: groups.length, rowWords, words, bytes, counts, column, divisor, codes };
}

export function fillBins(
  { rowWords, bytes, counts, column, divisor }: FeatureBins,
  columns: readonly Float32Array[],
): BinEdges {
  const edges = { lowest: [] as Float32Array[], highest: [] as Float32Array[] };
  let feature = 0;
  for (const { bins, lowest, highest } of binColumns(columns, CODES)) {
    const times = divisor[feature];
    for (let row = 0, at = column[feature]; row < bins.length; row++, at += 4 * rowWords)
      bytes[at] += times * bins[row];
    edges.lowest.push(lowest);
    edges.highest.push(highest);
    counts[feature++] = lowest.length;
  }
  return edges;
}

/** How many values a column has, if these are few; else infinitely many. */
function countFew(column: Float32Array): number {
  const values: number[] = [];
  for (const value of column) {
    if (values.includes(value)) continue;
    if (values.length === FEW_VALUES) return Infinity;
    values.push(value);
  }
  return values.length;
}
