import { ColumnSorter, keyOf } from './column-sorter.js';

/** Per feature, the smallest and the largest value of each bin: bins ascend with the values and do not overlap. */
export interface BinEdges {
  readonly lowest: readonly Float32Array[];
  readonly highest: readonly Float32Array[];
  /** Per feature, whether it has missing values; these have a bin of their own after the others. */
  readonly missing: readonly boolean[];
}

/**
 * Puts every distinct value in a bin of its own where there are at most `maxBins` of them. Otherwise a value frequent
 * enough to fill a bin gets one, and the others share the remaining bins by quantiles of their rows.
 *
 * @param columns of equal length; values are finite, or NaN where missing
 * @param maxBins at most 65,536, including the bin of missing values
 */
export function binEdges(
  columns: readonly Float32Array[],
  maxBins: number,
  sorter = new ColumnSorter(new Int32Array(columns[0].length)),
): BinEdges {
  const missing = columns.map((column) => column.some(Number.isNaN));
  const edges = columns.map((column, f) =>
    missing[f] ? edgesOf(sortedPresent(column), maxBins - 1) : edgesOf(sorter.sort(column), maxBins),
  );
  return { lowest: edges.map(({ lowest }) => lowest), highest: edges.map(({ highest }) => highest), missing };
}

function sortedPresent(column: Float32Array): Int32Array {
  const present = column.filter((value) => !Number.isNaN(value));
  return new ColumnSorter(new Int32Array(present.length)).sort(present);
}

function edgesOf(sorted: Int32Array, maxBins: number): { lowest: Float32Array; highest: Float32Array } {
  const ends = valueEnds(sorted, maxBins) ?? quantileEnds(sorted, maxBins);
  return {
    lowest: valuesOf(Int32Array.from(ends, (_, bin) => sorted[bin === 0 ? 0 : ends[bin - 1]])),
    highest: valuesOf(Int32Array.from(ends, (end) => sorted[end - 1])),
  };
}

/** The end of each run of equal values; undefined where there are more than `limit`. */
function valueEnds(sorted: Int32Array, limit: number): number[] | undefined {
  const ends: number[] = [];
  for (let at = 0; at < sorted.length; ends.push(at)) {
    if (ends.length === limit) return undefined;
    at = endOfEqual(sorted, at);
  }
  return ends;
}

/** The ends of the bins. The values between two heavy ones get bins in proportion to their rows. */
function quantileEnds(sorted: Int32Array, maxBins: number): number[] {
  const heavy = heavyValues(sorted, maxBins);
  let rows = heavy.reduce((rest, { start, end }) => rest - (end - start), sorted.length);
  let bins = maxBins - heavy.length;
  const ends: number[] = [];
  let at = 0;
  for (const { start, end } of [...heavy, { start: sorted.length, end: sorted.length }]) {
    const between = start - at;
    const own = between > 0 ? Math.round((between * bins) / rows) : 0;
    const before = ends.length;
    for (const first = at; own > 0 && at < start; ends.push(at)) {
      const bin = Math.floor(((at - first) * own) / between);
      at = endOfEqual(sorted, Math.min(start, first + Math.ceil(((bin + 1) * between) / own)) - 1);
    }
    rows -= between;
    bins -= ends.length - before;
    if (end > start) ends.push(end);
    // Too few rows for a bin of their own: they join the heavy value next to them.
    else ends[ends.length - 1] = end;
    at = end;
  }
  return ends;
}

/** The range of a value in the sorted keys. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** The values that fill a bin on their own, however the others share the remaining bins; ascending. */
function heavyValues(sorted: Int32Array, maxBins: number): Place[] {
  for (let heavy: Place[] = []; ;) {
    const rows = heavy.reduce((rest, { start, end }) => rest - (end - start), sorted.length);
    const share = rows / (maxBins - heavy.length);
    const found = placesOfAtLeast(sorted, share);
    if (found.length === heavy.length) return heavy;
    heavy = found;
  }
}

/** The values that have at least `rows` rows. */
function placesOfAtLeast(sorted: Int32Array, rows: number): Place[] {
  const places: Place[] = [];
  const step = Math.max(1, Math.floor(rows));
  // A run of that length covers at least one of these indices.
  for (let at = 0; at < sorted.length;) {
    const place = { start: startOfEqual(sorted, at), end: endOfEqual(sorted, at) };
    if (place.end - place.start >= rows) places.push(place);
    at = Math.max(at + step, place.end);
  }
  return places;
}

/** The first index of the run of equal keys around an index. */
function startOfEqual(sorted: Int32Array, at: number): number {
  let to = at;
  if (sorted[to - 1] !== sorted[at]) return to;
  for (let from = 0; from < to;) {
    const middle = (from + to) >>> 1;
    if (sorted[middle] === sorted[at]) to = middle;
    else from = middle + 1;
  }
  return to;
}

/** The index after the run of equal keys around an index. */
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

/** Converts keys back to values. */
const valuesOf = (keys: Int32Array): Float32Array => new Float32Array(keys.map(keyOf).buffer);
