import { type BinEdges, binEdges } from '../data/bin-edges.js';
import { BinLookup } from '../data/bin-lookup.js';
import { ColumnSorter } from '../data/column-sorter.js';
import { type RegressionData, rowsOf, type TrainingData } from '../data/training-data.js';

const MAX_BINS = 1_024;
const CODES = 2 ** 16;

/**
 * The training data as growing trees read it, in shared memory. Bin and class of a row are combined into one code,
 * `bin * classes + label`, so that a histogram per bin and class takes one look-up per row.
 */
export interface CodedFeatures extends BinEdges {
  readonly rows: number;
  /** 1 in a regression, where codes are bins. */
  readonly classes: number;
  /** Targets of a regression; else empty. */
  readonly targets: Float64Array;
  /** Per feature, the code of each row. */
  readonly codes: readonly Uint16Array[];
}

export function codeFeatures(data: TrainingData | RegressionData): CodedFeatures {
  const { features } = data;
  const rows = rowsOf(data);
  const classes = 'targets' in data ? 1 : data.classes;
  // Each buffer holds the codes of two features, so that columns can be sorted in it before.
  const pieces = Array.from(
    { length: Math.max(2, Math.ceil(features.length / 2)) },
    () => new SharedArrayBuffer(4 * rows),
  );
  const sorter = new ColumnSorter(new Int32Array(pieces[0]), new Int32Array(pieces[1]));
  const { lowest, highest, missing } = binEdges(features, Math.min(MAX_BINS, Math.floor(CODES / classes)), sorter);
  // Missing values come after all numbers, so they go right at every split, as NaN does in `x <= threshold`.
  const behind = (values: Float32Array, f: number): Float32Array =>
    missing[f] ? Float32Array.of(...values, Infinity) : values;
  const edges = { lowest: lowest.map(behind), highest: highest.map(behind), missing };
  const lookup = new BinLookup();
  const codes = features.map((column, f) => {
    const codes = new Uint16Array(pieces[f >> 1], f % 2 === 0 ? 0 : 2 * rows, rows);
    lookup.lookUp(missing[f] ? column.map(lastIfMissing) : column, edges.lowest[f], codes);
    if (!('targets' in data)) addLabels(codes, data);
    return codes;
  });
  return { rows, classes, codes, targets: 'targets' in data ? shared(data.targets) : new Float64Array(), ...edges };
}

const lastIfMissing = (value: number): number => (Number.isNaN(value) ? Infinity : value);

function addLabels(codes: Uint16Array, { labels, classes }: TrainingData): void {
  for (let row = 0; row < codes.length; row++) codes[row] = codes[row] * classes + labels[row];
}

function shared(targets: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(targets.byteLength));
  copy.set(targets);
  return copy;
}
