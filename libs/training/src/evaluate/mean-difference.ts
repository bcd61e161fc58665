import { type BootstrapOptions, type Interval, percentileInterval, resampleWeights } from '#statistics';

/** The mean of numbers, one per row, with its bootstrap interval. */
export function meanWithInterval(
  values: Float64Array,
  options: BootstrapOptions,
): Interval & { readonly difference: number } {
  const mean = (weights?: Uint8Array): number =>
    values.reduce((sum, value, row) => sum + value * (weights ? weights[row] : 1), 0) / values.length;
  const resampled = Array.from(resampleWeights(values.length, options), (weights) => mean(weights));
  const difference = mean();
  return { difference, ...(percentileInterval(resampled) ?? { low: difference, high: difference }) };
}
