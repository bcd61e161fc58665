import { binColumns } from '../data/bin-column.js';
import type { TrainingData } from '../data/training-data.js';

const MAX_BINS = 1_024;
const CODES = 2 ** 16;

/**
 * The training data as growing trees read it, in memory that threads share. Bin and class of a row are one number,
 * `bin * classes + label`, so that a histogram per bin and class takes one look-up per row.
 */
export interface CodedFeatures {
  readonly rows: number;
  readonly classes: number;
  /** Per feature, the code of each row. */
  readonly codes: readonly Uint16Array[];
  /** Per feature, the smallest value in each bin. */
  readonly lowest: readonly Float32Array[];
  /** Per feature, the largest value in each bin. */
  readonly highest: readonly Float32Array[];
}

export function codeFeatures({ features, labels, classes }: TrainingData): CodedFeatures {
  const rows = labels.length;
  const coded = { codes: [] as Uint16Array[], lowest: [] as Float32Array[], highest: [] as Float32Array[] };
  for (const { bins, lowest, highest } of binColumns(features, Math.min(MAX_BINS, Math.floor(CODES / classes)))) {
    const codes = new Uint16Array(new SharedArrayBuffer(2 * rows));
    for (let row = 0; row < rows; row++) codes[row] = bins[row] * classes + labels[row];
    coded.codes.push(codes);
    coded.lowest.push(lowest);
    coded.highest.push(highest);
  }
  return { rows, classes, ...coded };
}
