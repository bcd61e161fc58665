import type { ErrorBin, ScoreTable } from '#bundle';
import { meanInterval, Z95 } from '#statistics';
import type { ErrorSums } from '../store/monitor-store.js';
import { type Estimate, isDisproved, type Deviation } from './outcomes.js';

const FIELDS = ['rows', 'labels', 'sum', 'absolute', 'squares', 'fourths'] as const satisfies (keyof ErrorSums)[];

export function addErrors(all: readonly ErrorSums[]): ErrorSums {
  const total = { rows: 0, labels: 0, sum: 0, absolute: 0, squares: 0, fourths: 0 };
  for (const sums of all) for (const field of FIELDS) total[field] += sums[field];
  return total;
}

/** Error metrics of labelled predictions, in the unit of the target, each with its 95 % interval. */
export interface LiveErrors {
  /** Mean absolute error. */
  readonly mae: Estimate;
  /** Root mean squared error. */
  readonly rmse: Estimate;
  /** Mean of prediction minus label: above 0 the predictions are too high. */
  readonly bias: Estimate;
}

/** @returns null with fewer than two labels */
export function liveErrors({ labels: rows, sum, absolute, squares, fourths }: ErrorSums): LiveErrors | null {
  const mae = meanInterval({ rows, sum: absolute, squares });
  const square = meanInterval({ rows, sum: squares, squares: fourths });
  const bias = meanInterval({ rows, sum, squares });
  if (!mae || !square || !bias) return null;
  const root = (value: number): number => Math.sqrt(Math.max(0, value));
  return {
    mae: { ...mae, low: Math.max(0, mae.low) },
    rmse: { value: root(square.value), low: root(square.low), high: root(square.high) },
    bias,
  };
}

const spreadOf = ({ rows, absolute_error, squared_error }: ErrorBin): number =>
  Math.max(0, squared_error / rows - (absolute_error / rows) ** 2);

/**
 * Estimates the mean absolute error without labels: each bin's error on rows that were not trained on, weighted by the bin's share of
 * live predictions. It assumes that the errors of similar predictions have not grown.
 *
 * @param rows number of live rows in each bin of the table
 */
export function estimatedError({ bins }: ScoreTable<ErrorBin>, rows: readonly number[]): Estimate | null {
  const all = rows.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let [value, variance] = [0, 0];
  bins.forEach((bin, index) => {
    const weight = rows[index] / all;
    if (bin.rows === 0 || weight === 0) return;
    value += (weight * bin.absolute_error) / bin.rows;
    variance += (weight ** 2 * spreadOf(bin)) / bin.rows + (weight * spreadOf(bin)) / all;
  });
  const half = Z95 * Math.sqrt(variance);
  return { value, low: Math.max(0, value - half), high: value + half };
}

/**
 * Whether labels contradict the estimate for the same rows; if so, it is no longer shown.
 *
 * @param sums one for each bin of the table
 */
export function isErrorRefuted({ bins }: ScoreTable<ErrorBin>, sums: readonly ErrorSums[]): boolean {
  const deviations = bins.flatMap((known, bin): Deviation[] => {
    const { labels, absolute, squares } = sums[bin];
    if (labels < 2 || known.rows === 0) return [];
    const mean = absolute / labels;
    const variance = Math.max(0, squares / labels - mean ** 2) / (labels - 1) + spreadOf(known) / known.rows;
    return [{ labels, difference: mean - known.absolute_error / known.rows, variance }];
  });
  return isDisproved(deviations);
}
