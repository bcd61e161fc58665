import { binColumns } from '../data/bin-column.js';

const MAX_BINS = 256;

/** Features as bin numbers, row by row: all features of a row lie side by side in memory, one byte each. */
export interface BinnedRows {
  readonly rows: number;
  readonly features: number;
  /** `rows` x `features` bins. */
  readonly bins: Uint8Array;
  /** Per feature, the smallest value in each bin. */
  readonly lowest: readonly Float32Array[];
  /** Per feature, the largest value in each bin. */
  readonly highest: readonly Float32Array[];
}

export function binRows(columns: readonly Float32Array[]): BinnedRows {
  const rows = columns[0].length;
  const features = columns.length;
  const binned = { lowest: [] as Float32Array[], highest: [] as Float32Array[] };
  const bins = new Uint8Array(rows * features);
  let feature = 0;
  for (const column of binColumns(columns, MAX_BINS)) {
    for (let row = 0, at = feature; row < rows; row++, at += features) bins[at] = column.bins[row];
    binned.lowest.push(column.lowest);
    binned.highest.push(column.highest);
    feature++;
  }
  return { rows, features, bins, ...binned };
}
