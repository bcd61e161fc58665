/** The values present, ascending. */
function ascending(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value)).sort();
}

/** numpy's `_lerp`, whose two forms round alike from both ends. */
function between(low: number, high: number, share: number): number {
  const difference = high - low;
  return share >= 0.5 ? high - difference * (1 - share) : low + difference * share;
}

/** How a quantile between two numbers is defined: numpy's `linear`, or `averaged_inverted_cdf`. */
export type QuantileMethod = 'linear' | 'averaged_inverted_cdf';

/** The position of a quantile in the ascending numbers: an index, and the weight of the next number. */
function placeOf(count: number, q: number, method: QuantileMethod): { index: number; share: number } {
  const place = method === 'linear' ? (count - 1) * q : count * q - 1;
  const index = Math.floor(place);
  const share = place - index;
  if (method === 'linear') return { index, share };
  return { index, share: share === 0 ? 0.5 : 1 };
}

/**
 * Quantiles of the values present, exactly as `numpy.nanquantile` gives them; 0 where all are missing.
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

/** The median of the values present; 0 where all are missing. */
export function median(values: Float64Array): number {
  const sorted = ascending(values);
  if (sorted.length === 0) return 0;
  const upper = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2;
}
