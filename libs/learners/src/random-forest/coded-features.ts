import { type BinEdges, binEdges } from '../data/bin-edges.js';
import { BinLookup } from '../data/bin-lookup.js';
import { ColumnSorter } from '../data/column-sorter.js';
import type { TrainingData } from '../data/training-data.js';

const MAX_BINS = 1_024;
const CODES = 2 ** 16;

/**
 * The training data as growing trees read it, in memory that threads share. Bin and class of a row are one number,
 * `bin * classes + label`, so that a histogram per bin and class takes one look-up per row.
 */
export interface CodedFeatures extends BinEdges {
  readonly rows: number;
  readonly classes: number;
  /** Per feature, the code of each row. */
  readonly codes: readonly Uint16Array[];
}

export function codeFeatures({ features, labels, classes }: TrainingData): CodedFeatures {
  const rows = labels.length;
  // Two features share a piece, so that columns can be sorted in memory that will hold codes.
  const pieces = Array.from(
    { length: Math.max(2, Math.ceil(features.length / 2)) },
    () => new SharedArrayBuffer(4 * rows),
  );
  const sorter = new ColumnSorter(new Int32Array(pieces[0]), new Int32Array(pieces[1]));
  const edges = binEdges(features, Math.min(MAX_BINS, Math.floor(CODES / classes)), sorter);
  const lookup = new BinLookup();
  const codes = features.map((column, f) => {
    const codes = new Uint16Array(pieces[f >> 1], f % 2 === 0 ? 0 : 2 * rows, rows);
    lookup.lookUp(column, edges.lowest[f], codes);
    for (let row = 0; row < rows; row++) codes[row] = codes[row] * classes + labels[row];
    return codes;
  });
  return { rows, classes, codes, ...edges };
}
