import { QUANTILE_SHARES } from '#bundle';
import type { Reference } from '../reference-stats.js';
import { sqlNumber } from '#schema';
import type { Database } from '#tables';
import type { CumulativePoint } from '#statistics';

/** Cumulative shares of the data at the points where the reference's are known. */
export interface ColumnPoints {
  /** At the reference's quantiles, ascending: the first share is 0 and the last 1. */
  readonly quantiles: readonly CumulativePoint[];
  /** At the edges of the reference's histogram. */
  readonly edges: readonly CumulativePoint[];
}

const cumulative = (counts: readonly number[]): number[] => {
  let sum = 0;
  return [0, ...counts.map((count) => (sum += count))];
};

/** @param count finite values of the column in the data; more than 0 */
export async function cumulativePoints(
  database: Database,
  value: string,
  count: number,
  { quantiles, histogram }: Reference['columns'][string],
): Promise<ColumnPoints> {
  const places = [...quantiles, ...histogram.edges];
  const counts = places.flatMap((place, i) => [
    `count(*) FILTER (WHERE ${value} < ${sqlNumber(place)}) AS below${i}`,
    `count(*) FILTER (WHERE ${value} <= ${sqlNumber(place)}) AS upTo${i}`,
  ]);
  const found = await database.one<Record<string, number>>(
    `SELECT ${counts.join(', ')} FROM data WHERE isfinite(${value})`,
  );
  const shares = places.map((_, i) => ({ below: found[`below${i}`] / count, upTo: found[`upTo${i}`] / count }));
  const sums = cumulative(histogram.counts);
  const total = sums[sums.length - 1];
  const last = histogram.edges.length - 1;
  return {
    quantiles: quantiles.map((_, i) => ({ expected: QUANTILE_SHARES[i], actual: shares[i] })),
    // A bin includes its lower edge, so an edge's sum counts the values below it; the last bin includes both edges.
    edges: histogram.edges.map((_, i) => {
      const { below, upTo } = shares[quantiles.length + i];
      const share = i === last ? upTo : below;
      return { expected: sums[i] / total, actual: { below: share, upTo: share } };
    }),
  };
}

/** Shares between successive quantiles; the outermost bins are unbounded, so that no value is lost. */
export function quantileBins(
  points: readonly CumulativePoint[],
  shareUpTo: (point: CumulativePoint) => number,
): number[] {
  const inner = points.slice(1, -1).map(shareUpTo);
  return [...inner, 1].map((share, i) => share - (i === 0 ? 0 : inner[i - 1]));
}
