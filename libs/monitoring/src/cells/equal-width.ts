import { type Baseline, MAX_BINS } from '#bundle';
import { equalFrequencyBins } from '#statistics';

/** Bins with a smaller share of the rows are merged with a neighbour. */
const LEAST_SHARE = 1 / 32;

const buffer = new DataView(new ArrayBuffer(8));

/** Maps float64 to integers in the same order; neighbouring floats become consecutive integers. */
function ordinal(value: number): bigint {
  buffer.setFloat64(0, value + 0);
  const bits = buffer.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
}

function fromOrdinal(rank: bigint): number {
  buffer.setBigInt64(0, rank < 0n ? -rank : rank);
  return rank < 0n ? -buffer.getFloat64(0) : buffer.getFloat64(0);
}

/** The largest value that version 1 counted in this bin or an earlier one, found by its own rounding rather than by the edge. */
function upperOf(bin: number, low: number, high: number, width: number): number {
  const isBeyond = (value: number): boolean => Math.floor((value - low) / width) > bin;
  if (!isBeyond(high)) return high;
  let [within, beyond] = [ordinal(low), ordinal(high)];
  while (beyond - within > 1n) {
    const middle = (within + beyond) / 2n;
    if (isBeyond(fromOrdinal(middle))) beyond = middle;
    else within = middle;
  }
  return fromOrdinal(within);
}

/** Merges neighbouring bins until each has enough rows, into at most 16 bins. */
function merge(uppers: readonly number[], counts: readonly number[]): { uppers: number[]; counts: number[] } {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const least = rows * LEAST_SHARE;
  const merged: { upper: number; count: number }[] = [];
  uppers.forEach((upper, i) => {
    const last = merged[merged.length - 1];
    const mayGrow = merged.length < MAX_BINS;
    if (!last || (mayGrow && last.count >= least)) merged.push({ upper, count: counts[i] });
    else merged[merged.length - 1] = { upper, count: last.count + counts[i] };
  });
  const last = merged[merged.length - 1];
  if (merged.length > 1 && last.count < least) {
    const { count } = merged[merged.length - 2];
    merged.splice(-2, 2, { upper: last.upper, count: count + last.count });
  }
  return { uppers: merged.map(({ upper }) => upper), counts: merged.map(({ count }) => count) };
}

/** The cells of a column of a version 1 baseline: its few distinct values, or its 20 equal-width bins, merged. */
export function cellsOfVersion1({ missing, quantiles, histogram, frequencies }: Baseline['columns'][string]): {
  readonly missing: number;
  readonly minimum: number;
  readonly uppers: readonly number[];
  readonly counts: readonly number[];
} {
  if (frequencies) return { missing, ...equalFrequencyBins(frequencies, MAX_BINS) };
  const [minimum, maximum] = [quantiles[0], quantiles[quantiles.length - 1]];
  const { counts } = histogram;
  const width = (maximum - minimum) / counts.length || 1;
  const uppers = counts.map((_, bin) => (bin === counts.length - 1 ? maximum : upperOf(bin, minimum, maximum, width)));
  return { missing, minimum, ...merge(uppers, counts) };
}
