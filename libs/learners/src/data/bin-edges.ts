import { ColumnSorter, keyOf } from './column-sorter.js';

/** Per feature, the smallest and the largest value in each bin: bins ascend with the values, and no value is in two. */
export interface BinEdges {
  readonly lowest: readonly Float32Array[];
  readonly highest: readonly Float32Array[];
  /** Per feature, whether values are missing; these have a bin of their own behind the others. */
  readonly missing: readonly boolean[];
}

/**
 * Puts every distinct value in a bin of its own where there are at most `maxBins` of them. Otherwise a value that fills
 * its share of the bins gets one, and the others share the rest: about equally full ones, by quantiles of their rows.
 *
 * @param columns of equal length, of finite values and NaN where one is missing
 * @param maxBins at most 65,536, that of missing values among them
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

/** Where each distinct value ends; undefined where there are more than `limit`. */
function valueEnds(sorted: Int32Array, limit: number): number[] | undefined {
  const ends: number[] = [];
  for (let at = 0; at < sorted.length; ends.push(at)) {
    if (ends.length === limit) return undefined;
    at = endOfEqual(sorted, at);
  }
  return ends;
}

/** Where bins end. Between one heavy value and the next lie as many as the rows there are worth. */
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
    // Too few rows for a bin are in that of the heavy value beside them.
    else ends[ends.length - 1] = end;
    at = end;
  }
  return ends;
}

/** The places of a value among the sorted. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** Values that fill a bin each, however the others share the bins that are left; ascending. */
function heavyValues(sorted: Int32Array, maxBins: number): Place[] {
  for (let heavy: Place[] = []; ;) {
    const rows = heavy.reduce((rest, { start, end }) => rest - (end - start), sorted.length);
    const share = rows / (maxBins - heavy.length);
    const found = placesOfAtLeast(sorted, share);
    if (found.length === heavy.length) return heavy;
    heavy = found;
  }
}

/** The values that at least so many rows have. */
function placesOfAtLeast(sorted: Int32Array, rows: number): Place[] {
  const places: Place[] = [];
  const step = Math.max(1, Math.floor(rows));
  // Whatever is that long covers one of these places.
  for (let at = 0; at < sorted.length;) {
    const place = { start: startOfEqual(sorted, at), end: endOfEqual(sorted, at) };
    if (place.end - place.start >= rows) places.push(place);
    at = Math.max(at + step, place.end);
  }
  return places;
}

/** The place of the first number that equals the one at a place. */
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
