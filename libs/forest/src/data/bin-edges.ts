import { ColumnSorter } from './column-sorter.js';

/** Per feature, the smallest and the largest value in each bin: bins ascend with the values, and no value is in two. */
export interface BinEdges {
  readonly lowest: readonly Float32Array[];
  readonly highest: readonly Float32Array[];
}

/**
 * Puts every distinct value in a bin of its own where there are at most `maxBins` of them; otherwise into about
 * equally full bins, by quantiles of the rows.
 *
 * @param columns of finite values and equal length
 * @param maxBins at most 65,536
 */
export function binEdges(columns: readonly Float32Array[], maxBins: number): BinEdges {
  const sorter = new ColumnSorter(columns[0].length);
  const edges = columns.map((column) => edgesOf(sorter.sort(column), maxBins));
  return { lowest: edges.map(({ lowest }) => lowest), highest: edges.map(({ highest }) => highest) };
}

function edgesOf(sorted: Uint32Array, maxBins: number): { lowest: Float32Array; highest: Float32Array } {
  const rows = sorted.length;
  const exact = countDistinct(sorted, maxBins) <= maxBins;
  const lowest = [sorted[0]];
  const highest: number[] = [];
  let end = 0;
  for (let bin = 0; ;) {
    // Where the bin may end at the earliest: equal values stay together.
    end = exact ? end + 1 : Math.max(end + 1, Math.ceil(((bin + 1) * rows) / maxBins));
    while (end < rows && sorted[end] === sorted[end - 1]) end++;
    highest.push(sorted[Math.min(end, rows) - 1]);
    if (end >= rows) return { lowest: valuesOf(lowest), highest: valuesOf(highest) };
    lowest.push(sorted[end]);
    // Many equal values may have filled several bins: the next one ends where it would have ended.
    bin = Math.floor((end * maxBins) / rows);
  }
}

function countDistinct(sorted: Uint32Array, limit: number): number {
  let distinct = 1;
  for (let i = 1; i < sorted.length && distinct <= limit; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  return distinct;
}

/** The values that keys stand for. */
function valuesOf(keys: readonly number[]): Float32Array {
  const bits = Int32Array.from(keys, (key) => (key >>> 31 === 1 ? key ^ (1 << 31) : ~key));
  return new Float32Array(bits.buffer);
}
