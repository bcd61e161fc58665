import { bitsOf, ColumnSorter, keyOf } from './column-sorter.js';

/** One feature as bin numbers: bins ascend with the values, and no value is in two of them. */
export interface BinnedColumn {
  /** The bin of each row; overwritten when the next column is asked for. */
  readonly bins: Uint16Array;
  /** The smallest value in each bin. */
  readonly lowest: Float32Array;
  /** The largest value in each bin. */
  readonly highest: Float32Array;
}

/** Bits of a key that {@link BinLookup} finds the bin by, nearly. */
const PREFIX_BITS = 16;

/**
 * Puts every distinct value in a bin of its own where there are at most `maxBins` of them; otherwise into about
 * equally full bins, by quantiles of the rows.
 *
 * @param columns of finite values and equal length
 * @param maxBins at most 65,536
 */
export function* binColumns(columns: readonly Float32Array[], maxBins: number): Generator<BinnedColumn> {
  const rows = columns[0].length;
  const sorter = new ColumnSorter(rows);
  const lookup = new BinLookup();
  const bins = new Uint16Array(rows);
  for (const column of columns) {
    const { lowest, highest } = binEdges(sorter.sort(column), maxBins);
    lookup.prepare(lowest);
    const bits = bitsOf(column);
    for (let row = 0; row < rows; row++) bins[row] = lookup.binOf(keyOf(bits[row]));
    yield { bins, lowest: valuesOf(lowest), highest: valuesOf(highest) };
  }
}

function countDistinct(sorted: Uint32Array, limit: number): number {
  let distinct = 1;
  for (let i = 1; i < sorted.length && distinct <= limit; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

/** The smallest and the largest key in each bin. */
function binEdges(sorted: Uint32Array, maxBins: number): { lowest: number[]; highest: number[] } {
  const rows = sorted.length;
  const exact = countDistinct(sorted, maxBins) <= maxBins;
  const lowest = [sorted[0]];
  const highest: number[] = [];
  let bin = 0;
  for (let i = 1; i < rows; i++) {
    if (sorted[i] === sorted[i - 1] || !(exact || i * maxBins >= (bin + 1) * rows)) continue;
    highest.push(sorted[i - 1]);
    lowest.push(sorted[i]);
    // Many equal values may have filled several bins: the next one ends where it would have ended.
    bin = exact ? bin + 1 : Math.floor((i * maxBins) / rows);
  }
  highest.push(sorted[rows - 1]);
  return { lowest, highest };
}

/** Finds the bin of a key: by its first bits where to begin, and from there on step by step, seldom more than two. */
class BinLookup {
  private readonly first = new Uint16Array(1 << PREFIX_BITS);
  private lowest = new Float64Array(0);

  /** @param lowest the smallest key of each bin */
  prepare(lowest: readonly number[]): void {
    this.lowest = Float64Array.of(...lowest, Infinity);
    let bin = 0;
    for (let prefix = 0; prefix < this.first.length; prefix++) {
      while (this.lowest[bin + 1] <= prefix * 2 ** (32 - PREFIX_BITS)) bin++;
      this.first[prefix] = bin;
    }
  }

  binOf(key: number): number {
    let bin = this.first[key >>> (32 - PREFIX_BITS)];
    while (this.lowest[bin + 1] <= key) bin++;
    return bin;
  }
}

/** The values that keys stand for. */
function valuesOf(keys: readonly number[]): Float32Array {
  const bits = Int32Array.from(keys, (key) => (key >>> 31 === 1 ? key ^ (1 << 31) : ~key));
  return new Float32Array(bits.buffer);
}
