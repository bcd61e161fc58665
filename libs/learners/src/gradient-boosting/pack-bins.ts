import type { BinEdges } from '../data/bin-edges.js';
import { BinLookup } from '../data/bin-lookup.js';
import type { Arena } from './arena.js';
import { CODES, type FeatureBins } from './feature-bins.js';
import { joinFeatures } from './join-features.js';

/** The bins of all features, in shared memory. */
export function packBins(
  arena: Arena,
  columns: readonly Float32Array[],
  { lowest, missing: anyMissing }: BinEdges,
): FeatureBins {
  const numbers = (): Int32Array => arena.array(Int32Array, columns.length);
  const [counts, column, divisor, codes, shared] = [numbers(), numbers(), numbers(), numbers(), numbers()];
  const missing = numbers();
  missing.set(anyMissing.map(Number));
  counts.set(lowest.map(({ length }, f) => length + missing[f]));
  const groups = joinFeatures([...counts], CODES);
  groups.forEach(({ features, product }, at) => {
    for (const { feature, before } of features) {
      column[feature] = at;
      divisor[feature] = before;
      codes[feature] = product;
      shared[feature] = Number(features.length > 1);
    }
  });
  const rows = columns[0].length;
  const rowWords = Math.ceil(groups.length / 4);
  const words = arena.array(Int32Array, rows * rowWords);
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const lookup = new BinLookup();
  const bins = new Uint16Array(rows);
  columns.forEach((values, f) => {
    lookup.lookUp(values, lowest[f], bins);
    if (anyMissing[f]) setMissing(values, bins, lowest[f].length);
    addColumn(bytes, column[f], 4 * rowWords, bins, divisor[f]);
  });
  return { columns: groups.length, rowWords, words, counts, column, divisor, codes, shared, missing };
}

function setMissing(values: Float32Array, bins: Uint16Array, bin: number): void {
  for (let row = 0; row < bins.length; row++) if (Number.isNaN(values[row])) bins[row] = bin;
}

function addColumn(bytes: Uint8Array, column: number, rowBytes: number, bins: Uint16Array, times: number): void {
  for (let row = 0, at = column; row < bins.length; row++, at += rowBytes) bytes[at] += times * bins[row];
}
