import { ColumnSorter } from './column-sorter.js';

/** One feature as bin numbers: bins ascend with the values, and no value is in two of them. */
export interface BinnedColumn {
  /** The bin of each row. */
  readonly bins: Uint16Array;
  /** The smallest value in each bin. */
  readonly lowest: Float32Array;
  /** The largest value in each bin. */
  readonly highest: Float32Array;
}

/**
 * Puts every distinct value in a bin of its own where there are at most `maxBins` of them; otherwise into about
 * equally full bins, by quantiles of the rows.
 *
 * @param columns of finite values and equal length
 * @param maxBins at most 65,536
 */
export function* binColumns(columns: readonly Float32Array[], maxBins: number): Generator<BinnedColumn> {
  const sorter = new ColumnSorter(columns[0].length);
  for (const column of columns) yield binColumn(column, sorter.sort(column), maxBins);
}

function countDistinct(column: Float32Array, order: Uint32Array, limit: number): number {
  let distinct = 1;
  for (let i = 1; i < order.length && distinct <= limit; i++) if (column[order[i]] !== column[order[i - 1]]) distinct++;
  return distinct;
}

function binColumn(column: Float32Array, order: Uint32Array, maxBins: number): BinnedColumn {
  const rows = order.length;
  const bins = new Uint16Array(rows);
  const exact = countDistinct(column, order, maxBins) <= maxBins;
  const lowest = [column[order[0]]];
  const highest: number[] = [];
  let bin = 0;
  let value = column[order[0]];
  for (let i = 0; i < rows; i++) {
    const next = column[order[i]];
    if (next !== value && (exact || i * maxBins >= (bin + 1) * rows)) {
      highest.push(value);
      lowest.push(next);
      // Many equal values may have filled several bins: the next one ends where it would have ended.
      bin = exact ? bin + 1 : Math.floor((i * maxBins) / rows);
    }
    value = next;
    bins[order[i]] = lowest.length - 1;
  }
  highest.push(value);
  return { bins, lowest: Float32Array.from(lowest), highest: Float32Array.from(highest) };
}
