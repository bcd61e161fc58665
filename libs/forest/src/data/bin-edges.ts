import { ColumnSorter, keyOf } from './column-sorter.js';

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
export function binEdges(
  columns: readonly Float32Array[],
  maxBins: number,
  sorter = new ColumnSorter(new Int32Array(columns[0].length)),
): BinEdges {
  const edges = columns.map((column) => edgesOf(sorter.sort(column), maxBins));
  return { lowest: edges.map(({ lowest }) => lowest), highest: edges.map(({ highest }) => highest) };
}

function edgesOf(sorted: Int32Array, maxBins: number): { lowest: Float32Array; highest: Float32Array } {
  const rows = sorted.length;
  const exact = countDistinct(sorted, maxBins) <= maxBins;
  const lowest = new Int32Array(maxBins);
  const highest = new Int32Array(maxBins);
  let bins = 0;
  for (let start = 0; start < rows;) {
    // Many equal values may have filled several bins: the next one ends where it would have ended.
    const bin = Math.floor((start * maxBins) / rows);
    const earliest = exact ? start + 1 : Math.max(start + 1, Math.ceil(((bin + 1) * rows) / maxBins));
    const end = endOfEqual(sorted, Math.min(earliest, rows) - 1);
    lowest[bins] = sorted[start];
    highest[bins] = sorted[end - 1];
    bins++;
    start = end;
  }
  return { lowest: valuesOf(lowest.subarray(0, bins)), highest: valuesOf(highest.subarray(0, bins)) };
}

function countDistinct(sorted: Int32Array, limit: number): number {
  let distinct = 0;
  for (let at = 0; at < sorted.length && distinct <= limit; at = endOfEqual(sorted, at)) distinct++;
  return distinct;
}

/** The place after the last number that equals the one at a place. */
function endOfEqual(sorted: Int32Array, at: number): number {
  let from = at + 1;
  if (sorted[from] !== sorted[at]) return from;
  for (let to = sorted.length; from < to;) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] === sorted[at]) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The values that keys stand for. */
const valuesOf = (keys: Int32Array): Float32Array => new Float32Array(keys.map(keyOf).buffer);
