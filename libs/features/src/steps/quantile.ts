/** The numbers that are there, ascending. */
function ascending(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value)).sort();
}

/** numpy's `_lerp`, whose two forms round alike from both ends. */
function between(low: number, high: number, share: number): number {
  const difference = high - low;
  return share >= 0.5 ? high - difference * (1 - share) : low + difference * share;
}

/** Where the numbers end that are not the whole of a quantile: numpy's `linear`, or `averaged_inverted_cdf`. */
export type QuantileMethod = 'linear' | 'averaged_inverted_cdf';

/** How far into the ascending numbers a quantile lies, and the share of the next number in it. */
function placeOf(count: number, q: number, method: QuantileMethod): { index: number; share: number } {
  const place = method === 'linear' ? (count - 1) * q : count * q - 1;
  const index = Math.floor(place);
  const share = place - index;
  if (method === 'linear') return { index, share };
  return { index, share: share === 0 ? 0.5 : 1 };
}

/**
 * Quantiles of the numbers that are there, exactly as `numpy.nanquantile` gives them; 0 where there is none.
 *
 * @param qs from 0 to 1
 */
export function quantiles(values: Float64Array, qs: readonly number[], method: QuantileMethod = 'linear'): number[] {
  const sorted = ascending(values);
  const at = (index: number): number => sorted[Math.min(Math.max(index, 0), sorted.length - 1)];
  if (sorted.length === 0) return qs.map(() => 0);
  return qs.map((q) => {
    const { index, share } = placeOf(sorted.length, q, method);
    return between(at(index), at(index + 1), share);
  });
}

/** The middle number of those that are there, or the mean of the two in the middle; 0 where there is none. */
export function median(values: Float64Array): number {
  const sorted = ascending(values);
  if (sorted.length === 0) return 0;
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
}
