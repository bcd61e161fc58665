import type { Reference } from '../reference-stats.js';
import { sqlNumber } from '#schema';
import type { Database } from '#tables';
import { type ColumnPoints, quantileBins } from './cumulative-points.js';
import { nearest } from '#statistics';

/** The share of a column's values in each bin, in the reference and in the data. */
export interface StabilityBins {
  readonly expected: readonly number[];
  readonly actual: readonly number[];
}

const differences = (sums: readonly number[]): number[] => sums.slice(1).map((sum, i) => sum - sums[i]);

/** A bin for each value of the reference, and one for all others. */
async function binsOfValues(
  database: Database,
  value: string,
  count: number,
  { values, counts }: NonNullable<Reference['columns'][string]['frequencies']>,
): Promise<StabilityBins> {
  const found = await database.query<{ value: number; count: number }>(
    `SELECT ${value} AS value, count(*) AS count FROM data WHERE ${value} IN (${values.map(sqlNumber).join(', ')}) GROUP BY value`,
  );
  const shares = new Map(found.map(({ value, count: of }) => [value, of / count]));
  const actual = values.map((one) => shares.get(one) ?? 0);
  const total = counts.reduce((sum, one) => sum + one, 0);
  const others = found.reduce((rest, { count: of }) => rest - of, count) / count;
  return { expected: [...counts.map((one) => one / total), 0], actual: [...actual, others] };
}

/**
 * The bins for a column's stability index: one per value if the reference has few values, else between its quantiles.
 * Where quantiles coincide, as in a column that is mostly 0, they do not resolve the other values: then the bins of the
 * reference's histogram, with unbounded outermost bins.
 *
 * @param points of the column, in the reference and in the data
 * @param count finite values of the column in the data; more than 0
 */
export async function stabilityBins(
  database: Database,
  value: string,
  count: number,
  reference: Reference['columns'][string],
  { quantiles, edges }: ColumnPoints,
): Promise<StabilityBins> {
  if (reference.frequencies) return binsOfValues(database, value, count, reference.frequencies);
  if (new Set(reference.quantiles).size === reference.quantiles.length) {
    return { expected: quantileBins(quantiles, (point) => point.expected), actual: quantileBins(quantiles, nearest) };
  }
  const inner = edges.slice(1, -1);
  const sums = (shareOf: (point: ColumnPoints['edges'][number]) => number): number[] => [0, ...inner.map(shareOf), 1];
  return {
    expected: differences(sums(({ expected }) => expected)),
    actual: differences(sums(({ actual }) => actual.below)),
  };
}
